import type { ModelShelf, ModelView } from '../domain/activation.js';

/**
 * Models that count, where another thread can see it, how many of their loads and runs are under way: a thread that is ended inside the
 * runtime takes the process with it.
 */
export function guardedModels(models: ModelShelf, inside: Int32Array): ModelShelf {
  const guard = async <T>(work: Promise<T>): Promise<T> => {
    Atomics.add(inside, 0, 1);
    try {
      return await work;
    } finally {
      Atomics.sub(inside, 0, 1);
    }
  };
  const viewOf = (view: ModelView): ModelView => ({
    identify: (name) => view.identify(name),
    lease: () => {
      const lease = view.lease();
      return {
        opened: lease.opened,
        release: () => guard(lease.release()),
        open: async (name) => {
          const handle = await guard(lease.open(name));
          const { model, signature } = handle;
          return { model, signature, run: (inputs, signal) => guard(handle.run(inputs, signal)) };
        },
      };
    },
  });
  return {
    prepare: async (config) => {
      const prepared = await guard(models.prepare(config));
      return { ...prepared, view: viewOf(prepared.view) };
    },
  };
}
