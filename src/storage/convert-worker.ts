import { parentPort, workerData } from 'node:worker_threads';
import { convertRecording } from './convert-recording.js';
import type { SessionPaths } from './trajectory-paths.js';

parentPort?.postMessage(convertRecording(workerData as SessionPaths));
