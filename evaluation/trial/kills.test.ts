import { expect, it } from 'vitest';
import { Kills } from './kills.js';

/** Plans in which kills are due, all of which hit. */
const hits = (kills: Kills, plans: number) =>
  Array.from({ length: plans }, (_, plan) => kills.hit(plan)).flatMap(
    (kill) => kill?.afterMs ?? [],
  );

it('draws the same kills from the same seed, at most as late as plans take', () => {
  const kills = new Kills(7, 5, 40);
  const drawn = hits(kills, 40);
  expect(drawn).toHaveLength(5);
  expect(kills.left).toBe(0);
  expect(Math.max(...drawn)).toBeLessThan(800);
  expect(hits(new Kills(7, 5, 40), 40)).toEqual(drawn);
  expect(hits(new Kills(8, 5, 40), 40)).not.toEqual(drawn);
});

it('leaves a kill that missed to the next plan, where it comes sooner', () => {
  const kills = new Kills(1, 1, 1);
  let kill = kills.hit(0);
  for (let plan = 1; plan <= 10; plan += 1) {
    if (kill === undefined) throw new Error('no kill');
    kills.missed(kill);
    expect(kills.left).toBe(1);
    kill = kills.hit(plan);
  }
  expect(kill?.afterMs).toBeLessThan(1);
  expect(kills.hit(11)).toBeUndefined();
});
