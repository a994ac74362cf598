// A plugin of the benchmark: for marked plans it asks a slow model again and again until the plan ends.
export const plugin = (sdk) =>
  sdk.definePlugin({
    role: 'initialization',
    configSchema: sdk.z.strictObject({ model: sdk.z.string().default('slow') }),
    requires: { inference: sdk.services.inference, logger: sdk.services.logger },
    create: async ({ config, services: { inference, logger } }) => {
      const model = await inference.open(config.model);
      return {
        openSession: (view) => {
          const end = new AbortController();
          const keepAsking = async () => {
            const inputs = { x: { shape: [1], data: Float32Array.of(1) } };
            let runs = 0;
            while (!end.signal.aborted) {
              await model.run(inputs, end.signal);
              runs += 1;
              if (runs === 1) logger.info('busy');
            }
          };
          if (view.plan.structures[0]?.name === 'KEEP_BUSY') {
            keepAsking().catch((thrown) => {
              if (!end.signal.aborted) logger.warn('the slow model failed', { err: thrown });
            });
          }
          return { advise: () => undefined, dispose: () => end.abort() };
        },
      };
    },
  });
