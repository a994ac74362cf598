import { parentPort, workerData } from 'node:worker_threads';
import { convertRecording } from './convert-recording.js';
import { stepBack } from './step-back.js';
import type { SessionPaths } from './trajectory-paths.js';

stepBack();
parentPort?.postMessage(convertRecording(workerData as SessionPaths));
