import { parentPort, workerData } from 'node:worker_threads';
import { convertRecording } from '../storage/recordings/convert-recording.js';
import type { SessionPaths } from '../storage/recordings/trajectory-paths.js';
import { lowerPriority } from '../system/lower-priority.js';

lowerPriority();
parentPort?.postMessage(convertRecording(workerData as SessionPaths));
