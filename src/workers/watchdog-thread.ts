import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { BEAT, LAST, NOBODY, RUNNING, type WatchdogData } from './watchdog-memory.js';

/** Looks at the serving thread from outside, and ends the process when that thread no longer turns. */
const { memory, limitMs, ticks } = workerData as WatchdogData;
const cells = new Int32Array(memory);
const plugins: string[] = [];
parentPort?.on('message', (plugin: string) => plugins.push(plugin));

let seen = -1;
let idleTicks = 0;
// Its own ticks and no clock: a process that was stopped and goes on has missed both sides alike.
setInterval(() => {
  const beat = Atomics.load(cells, BEAT);
  idleTicks = beat === seen ? idleTicks + 1 : 0;
  seen = beat;
  if (idleTicks < ticks) return;
  const running = Atomics.load(cells, RUNNING);
  const last = Atomics.load(cells, LAST);
  const entry = {
    level: 60,
    time: Date.now(),
    pid: process.pid,
    limitMs,
    ...(running === NOBODY ? {} : { plugin: plugins[running] }),
    ...(running === NOBODY && last !== NOBODY ? { lastPlugin: plugins[last] } : {}),
    msg: 'the serving thread hangs; the process ends so that it can be started again',
  };
  const line = `${JSON.stringify(entry)}\n`;
  try {
    writeSync(1, line);
  } catch {
    // A full pipe: nobody reads the log.
    writeSync(2, line);
  }
  // Not to be caught, unlike SIGTERM, which the hanging thread would have to handle.
  process.kill(process.pid, 'SIGABRT');
}, limitMs / ticks);
