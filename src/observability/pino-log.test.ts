import { expect, it } from 'vitest';
import { createPinoLog } from './pino-log.js';

it('logs JSON lines with the fields of its children, and no content', () => {
  const lines: Record<string, unknown>[] = [];
  const log = createPinoLog('info', { write: (line) => void lines.push(JSON.parse(line)) });
  const child = log.child({ session: 's-1', generation: 3 });
  child.info('asked', { planKey: 'plan', weights: [0.1], fields: { dose: 70 } });
  child.debug('not at this level');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatchObject({ msg: 'asked', session: 's-1', generation: 3 });
  const hidden = '[Redacted]';
  expect(lines[0]).toMatchObject({ planKey: hidden, weights: hidden, fields: { dose: hidden } });
});

it('names the generation in every line: that of its session, or the one in force', () => {
  const lines: string[] = [];
  let inForce = 4;
  const log = createPinoLog('info', { write: (line) => void lines.push(line) }, () => inForce);
  log.info('host');
  log.child({ session: 's-1', generation: 3 }).info('session');
  log.child({ plugin: 'plateau' }).info('plugin');
  inForce = 5;
  log.info('role bound', { generation: 6 });
  log.info('host');
  expect(lines.map((line) => line.match(/"generation":\d/g))).toEqual(
    [4, 3, 4, 6, 5].map((generation) => [`"generation":${generation}`]),
  );
});

it('logs the cause of an error', () => {
  const lines: string[] = [];
  const log = createPinoLog('warn', { write: (line) => void lines.push(line) });
  log.warn('plugin failed', { err: new Error('outer', { cause: new Error('inner') }) });
  expect(lines.join()).toContain('inner');
});
