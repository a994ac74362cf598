// Loads and unloads a model again and again and prints the resident memory after the first and after the last time.
// reloads.js ID VERSION RELOADS INLINE_BELOW_MS, from the root of the repository.
import { resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ModelRepository } from '../../src/inference/model-repository.js';
import type { ReloadSample } from './reload-samples.js';

const [id = '', version = '', reloads = '', inlineBelowMs = ''] = process.argv.slice(2);
const silent = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const meter = { ran() {}, queued() {}, waited() {}, unanswered() {} };

const repository = new ModelRepository({
  config: {
    directory: resolve('test/fixtures/models'),
    labels: {},
    versionPolicies: {},
    remote: {},
    maxMemoryMb: 512,
    inlineBelowMs: Number(inlineBelowMs),
    maxBatchSize: 64,
    workerThreads: 1,
    queueLimit: 64,
  },
  builtInDirectory: '',
  connectRemote: () => {
    throw new Error('nobody is there');
  },
  workerEntry: resolve('dist/src/workers/model-worker.js'),
  log: silent,
  metrics: { model: () => meter, modelReady() {}, watchModels() {} },
});

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');
const residentMb = () => {
  collectGarbage();
  return process.memoryUsage.rss() / 2 ** 20;
};

const samples: ReloadSample[] = [];
for (let reload = 0; reload < Number(reloads); reload += 1) {
  await repository.open(`${id}@${version}`);
  const model = repository.models().find((one) => one.id === id && one.version === version);
  await repository.unload(id, version);
  if (reload % 10 === 0 || reload === Number(reloads) - 1) {
    const placement = model?.placement ?? '';
    samples.push({ reload: reload + 1, placement, residentMb: residentMb() });
  }
}
await repository.dispose();
process.stdout.write(`${JSON.stringify(samples)}\n`);
