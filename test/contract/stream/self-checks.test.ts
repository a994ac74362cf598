// A client that has checked itself says what it found, and a plan that failed is not advised unless operators let it.
import { status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { startTestHost } from './testing/test-host.js';
import { wireStart } from './testing/wire-run.js';

const failed = (field: string, finding: string) =>
  ({ outcome: 'SELF_CHECK_OUTCOME_FAILED', field, finding }) as const;
const gantry = failed('beams[2].gantry_deg', 'the doses look turned by 90 degrees');

it('refuses a plan whose check failed, with the field', async () => {
  const host = await startTestHost();
  const client = host.client();
  const passed = { outcome: 'SELF_CHECK_OUTCOME_PASSED' } as const;
  expect(await client.ask(wireStart(undefined, { selfChecks: [passed, gantry] }))).toBeUndefined();
  expect(await client.errorCode()).toBe(`${status.FAILED_PRECONDITION} self-check-failed`);
  expect((await client.status).details).toContain('`beams[2].gantry_deg`: the doses look turned');
});

it('serves plans whose checks passed or told nothing', async () => {
  const host = await startTestHost();
  const selfChecks = [
    { outcome: 'SELF_CHECK_OUTCOME_PASSED' },
    { outcome: 'SELF_CHECK_OUTCOME_UNCLEAR', finding: 'a stationary point' },
  ] as const;
  const opened = await host.client().ask(wireStart(undefined, { selfChecks: [...selfChecks] }));
  expect(opened?.accepted?.sessionId).toBeDefined();
});

it('lets it pass where the configuration says so, with a line in the log for each of a few', async () => {
  const host = await startTestHost({ server: { failedSelfChecks: 'warn' } });
  const selfChecks = Array.from({ length: 100 }, () => failed('x'.repeat(10_000), ''));
  const opened = await host.client().ask(wireStart(undefined, { selfChecks }));
  expect(opened?.accepted?.sessionId).toBeDefined();
  const lines = host.log.lines.filter(({ message }) => message.includes('own check'));
  expect(lines).toHaveLength(16);
  expect(String(lines[0]?.fields['field']).length).toBeLessThan(300);
  expect(lines[0]?.fields['finding']).toBe('it did not say why');
});
