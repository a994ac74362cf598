import { parentPort, workerData } from 'node:worker_threads';
import { EmbeddedFile } from '../storage/experiments/embedded/embedded-file.js';
import { processNowMs, StatementQueue } from '../storage/experiments/embedded/statement-queue.js';
import {
  type FromWorker,
  packFault,
  type ToWorker,
  type WorkerSetup,
} from '../storage/experiments/embedded/worker-messages.js';

// SQLite waits for locks and for the disk on the thread that asks it: never the thread that serves.
const { path, limitMs, mustExist } = workerData as WorkerSetup;
const file = new EmbeddedFile(path, mustExist);
const queue = new StatementQueue(file, {
  limitMs,
  nowMs: processNowMs,
  isOver: () => file.needsNewThread,
});

async function answer({ id, request, untilMs }: Exclude<ToWorker, 'close'>): Promise<void> {
  let reply: FromWorker;
  try {
    reply = { id, result: await queue.ask(request, untilMs) };
  } catch (thrown) {
    reply = { id, fault: packFault(thrown) };
  }
  parentPort?.postMessage(reply);
  // With the thread go its connection and any lock that it could not give back. What it leaves unanswered is asked of the next one.
  if (file.needsNewThread) process.exit(1);
}

parentPort?.on('message', (message: ToWorker) => {
  if (message !== 'close') void answer(message);
  else void queue.close().then(() => parentPort?.close());
});
