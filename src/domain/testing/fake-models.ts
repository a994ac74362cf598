import type { Inference } from '../../plugin-sdk/index.js';
import type { ModelLease, ModelView } from '../operations/activation.js';

const noModels: Inference = { open: (name) => Promise.reject(new Error(`no model ${name}`)) };

/** Models behind `inference`. `versions` says what stands behind a name, and may change; `released` counts. */
export interface FakeModels extends ModelView {
  readonly versions: Map<string, string>;
  released: number;
}

export function fakeModels(inference: Inference = noModels): FakeModels {
  const versions = new Map<string, string>();
  const keyOf = (name: string) => versions.get(name) ?? name;
  const models: FakeModels = {
    versions,
    released: 0,
    identify: async (name) => keyOf(name),
    lease: (): ModelLease => {
      const opened = new Map<string, string>();
      return {
        opened,
        open: async (name) => {
          const handle = await inference.open(name);
          opened.set(name, keyOf(name));
          return handle;
        },
        release: async () => {
          models.released += 1;
        },
      };
    },
  };
  return models;
}
