import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Curve } from './curve.js';

it('covers a run of any length evenly, with its first and its newest point', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), (count) => {
      const curve = new Curve(64);
      for (let k = 1; k <= count; k += 1) curve.add(k);
      const { iterations, objectives } = curve.part(-1, 0);
      expect(iterations.length).toBeLessThanOrEqual(65);
      expect(iterations[0]).toBe(1);
      expect(iterations.at(-1)).toBe(count);
      expect(objectives).toEqual(iterations);
      const steps = iterations.slice(1, -1).map((value, k) => value - (iterations[k] ?? 0));
      expect(new Set(steps).size).toBeLessThanOrEqual(1);
      expect(iterations.length).toBeGreaterThanOrEqual(Math.min(count, 32));
    }),
  );
});

it('gives a watcher who follows the same curve as one who comes late', () => {
  const curve = new Curve(16);
  let epoch = -1;
  let length = 0;
  let seen: number[] = [];
  for (let k = 1; k <= 200; k += 1) {
    curve.add(k);
    if (k % 3 !== 0) continue;
    const part = curve.part(epoch, length);
    seen = [...seen.slice(0, part.from), ...part.iterations];
    epoch = curve.epoch;
    length = curve.length;
    expect(seen).toEqual(curve.part(-1, 0).iterations);
  }
});
