import { parentPort, workerData } from 'node:worker_threads';
import { stepBack } from '../../system/step-back.js';
import { convertRecording } from './convert-recording.js';
import type { SessionPaths } from './trajectory-paths.js';

stepBack();
parentPort?.postMessage(convertRecording(workerData as SessionPaths));
