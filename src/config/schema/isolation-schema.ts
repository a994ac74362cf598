import type { IsolationConfig } from '../../domain/host-config.js';
import { z } from '../../plugin-sdk/index.js';
import { count, durationMs, section } from './config-values.js';

const ids = z.array(z.string().min(1)).default([]);

/** Where the code of plugins runs. */
export const isolationSchema = section({
  default: z
    .enum(['process', 'inline'])
    .default('process')
    .describe(
      'Of plugins that do not come with the host. process: each in a process of its own, which costs its own advice alone when it fails. inline: in the thread that serves, quicker.',
    ),
  inline: ids.describe('Plugins that run in the thread that serves all the same, by id.'),
  process: ids.describe(
    'Plugins that run in a process of their own all the same, such as those that come with the host, by id.',
  ),
  memory_mb: count
    .default(2048)
    .describe('A process that takes more memory is ended and started again.'),
  hang_ms: durationMs
    .default(10_000)
    .describe('A process that does not react for so long is ended and started again.'),
  python: z
    .string()
    .min(1)
    .default('python3')
    .describe(
      'Interpreter of plugins in Python, with `dh-advisor-plugin` installed: a command, or a path relative to this file.',
    ),
}).superRefine(({ inline, process }, context) => {
  const both = inline.find((id) => process.includes(id));
  if (both === undefined) return;
  const message = `names \`${both}\`, which \`process\` names, too`;
  context.addIssue({ code: 'custom', path: ['inline'], message });
});

/** @param find Makes a path absolute. */
export function isolationOf(
  raw: z.output<typeof isolationSchema>,
  find: (path: string) => string,
): IsolationConfig {
  const { python } = raw;
  return {
    default: raw.default,
    inline: raw.inline,
    process: raw.process,
    memoryMb: raw.memory_mb,
    hangMs: raw.hang_ms,
    // A bare name is a command.
    python: /[\\/]/.test(python) ? find(python) : python,
  };
}
