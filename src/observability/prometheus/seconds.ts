/** Upper bounds of latency buckets, from 20 us, which a synchronous answer takes. */
export const SECONDS = [
  20e-6, 50e-6, 100e-6, 200e-6, 500e-6, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5,
];
