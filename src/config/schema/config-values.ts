import { z } from '../../plugin-sdk/index.js';

export const positive = z.number().positive();
export const count = z.int().positive();
/** Node's timers hold no more; a longer one would fire after a millisecond. */
export const MAX_TIMER_MS = 2 ** 31 - 1;
export const durationMs = positive.max(
  MAX_TIMER_MS,
  `must be at most ${MAX_TIMER_MS} (24.8 days): a timer holds no more`,
);
const addressPattern = /^(\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}$/;

export const address = z.string().superRefine((text, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  if (!addressPattern.test(text)) refuse('must be HOST:PORT, such as "127.0.0.1:50151"');
  else if (Number(text.slice(text.lastIndexOf(':') + 1)) > 65_535) refuse('has a port above 65535');
});

export const modelName = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be the name of a model, such as "convergence"');
export const labelName = z.string().regex(/^[a-z][a-z0-9-]*$/, 'must be a label, such as "canary"');
export const modelVersion = z
  .string()
  .regex(/^\d+(\.\d+)*$/, 'must be a version in quotes, such as "2"');

/** A section that may be left out; its own fields have defaults. */
export function section<S extends z.ZodRawShape>(shape: S) {
  return z.strictObject(shape).prefault({} as never);
}
