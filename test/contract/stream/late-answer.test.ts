import { FakeClock } from '@dh-advisor/plugin-sdk/testing';
import { expect, it } from 'vitest';
import type { SessionObserverFactory } from '../../../src/domain/session/session-observer.js';
import { startTestHost, until } from './testing/test-host.js';
import { firstIterations, wireRun, wireStart } from './testing/wire-run.js';

/** Writes down what observers are told. */
function notes() {
  const told: string[] = [];
  const factory: SessionObserverFactory = {
    observe: () => ({
      event: ({ kind }) => told.push(`event ${kind}`),
      answered: ({ kind }) => told.push(`answer about ${kind}`),
      receipt: () => undefined,
      broken: () => told.push('broken'),
      resumed: () => told.push('resumed'),
      close: () => undefined,
    }),
  };
  return { told, factory };
}

it('an answer that comes after its stream was replaced is not told to the next event', async () => {
  const clock = new FakeClock();
  const { told, factory } = notes();
  const settings = { fault: 'hang' };
  const roles = { 'early-stopping': { plugin: 'faulty-stopping', settings, deadlineMs: 500 } };
  const host = await startTestHost({ roles }, clock, undefined, undefined, [factory]);
  const broken = host.client();
  const resumeToken = (await broken.ask(wireStart()))?.accepted?.resumeToken ?? Buffer.alloc(0);
  const [question, ...before] = firstIterations(1).toReversed();
  await broken.play(before.toReversed());
  broken.send(question ?? {});
  await until(() => told.at(-1) === 'event iteration');
  broken.cancel();
  await until(() => told.at(-1) === 'broken');
  const client = host.client();
  await client.ask(wireStart(undefined, { resumeToken }));
  await client.play(wireRun(1).slice(4, 5));
  expect(told.at(-1)).toBe('answer about level');
  // The plugin's time for the question of the old stream is over.
  clock.advance(500);
  await until(async () => (await host.metric('dh_advisor_plugin_advice_total', 'timeout')) === 1);
  expect(told.slice(-4)).toEqual(['broken', 'resumed', 'event level-start', 'answer about level']);
});
