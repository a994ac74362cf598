export const plugin = ({ definePlugin, z }) =>
  definePlugin({
    role: 'early-stopping',
    configSchema: z.strictObject({}),
    wants: () => [{ kind: 'gradient', everyN: 1 }],
    create: () => ({
      openSession: () => ({
        advise: ({ tensors }) => ({
          decision: 'continue',
          predictedFinalObjective: -Math.abs(tensors.gradient?.data[0] ?? 0),
        }),
      }),
    }),
  });
