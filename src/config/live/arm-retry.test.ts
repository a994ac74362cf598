import { expect, it } from 'vitest';
import { FakeClock } from '../../plugin-sdk/testing/index.js';
import { ArmRetry } from './arm-retry.js';

function retrying() {
  const clock = new FakeClock();
  const state = { tries: 0, isDone: false };
  const retry = new ArmRetry(clock, async () => {
    state.tries += 1;
    return state.isDone;
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await new Promise(setImmediate);
  };
  return { clock, state, retry, pass };
}

it('tries ever more seldom, at least every quarter of an hour, until it is done', async () => {
  const { clock, state, retry, pass } = retrying();
  retry.start();
  const seconds = [30, 60, 120, 240, 480, 900, 900];
  for (const [before, wait] of seconds.entries()) {
    await pass(wait * 1000 - 1);
    expect(state.tries).toBe(before);
    await pass(1);
    expect(state.tries).toBe(before + 1);
  }
  state.isDone = true;
  await pass(900_000);
  expect(clock.pendingTimers).toBe(0);
});

it('stops, also while a try is under way', async () => {
  const { clock, state, retry, pass } = retrying();
  retry.start();
  clock.advance(30_000);
  retry.stop();
  await pass(0);
  expect(state.tries).toBe(1);
  expect(clock.pendingTimers).toBe(0);
});
