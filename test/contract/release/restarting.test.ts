import { expect, it } from 'vitest';
import { Restarting } from '../../../scripts/dev/restarting.mjs';

/** Programs that end when they are told to and `finish` says so, or by themselves. */
function programs() {
  const log: string[] = [];
  const ends: (() => void)[] = [];
  const restarting = new Restarting({
    say: (line) => log.push(line),
    start: () => {
      const number = ends.length;
      log.push(`start ${number}`);
      const ended = new Promise<void>((resolve) => ends.push(resolve));
      return { stop: () => log.push(`stop ${number}`), ended };
    },
  });
  return { log, restarting, finish: (number: number) => ends[number]?.() };
}

it('starts with the first build, and again with each, after the one before has ended', async () => {
  const { log, restarting, finish } = programs();
  await restarting.built();
  const again = restarting.built();
  await Promise.resolve();
  await Promise.resolve();
  expect(log).toEqual(['start 0', 'stop 0']);
  finish(0);
  await again;
  expect(log).toEqual(['start 0', 'stop 0', 'start 1']);
});

it('makes one restart of builds that end while a program is still ending', async () => {
  const { log, restarting, finish } = programs();
  await restarting.built();
  const first = restarting.built();
  await Promise.resolve();
  await Promise.resolve();
  const more = [restarting.built(), restarting.built(), restarting.built()];
  finish(0);
  await first;
  finish(1);
  await Promise.all(more);
  expect(log).toEqual(['start 0', 'stop 0', 'start 1', 'stop 1', 'start 2']);
});

it('says when a program has ended by itself, and starts it with the next build', async () => {
  const { log, restarting, finish } = programs();
  await restarting.built();
  finish(0);
  await Promise.resolve();
  await Promise.resolve();
  await restarting.built();
  const ended = 'the host has ended by itself; it starts again with the next build';
  expect(log).toEqual(['start 0', ended, 'start 1']);
});

it('ends for good: what is built afterwards starts nothing', async () => {
  const { log, restarting, finish } = programs();
  await restarting.built();
  const over = restarting.end();
  finish(0);
  await over;
  await restarting.built();
  expect(log).toEqual(['start 0', 'stop 0']);
});
