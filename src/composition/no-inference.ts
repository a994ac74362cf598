import type { InferenceClient } from '../domain/ports.js';
import { ModelUnavailable } from '../plugin-sdk/index.js';

/** The inference of a host without models: every model is unavailable, and says so. */
export const noInference: InferenceClient = {
  open: async (model) => {
    throw new ModelUnavailable(
      `model "${model}" is not served: this host has no models configured`,
    );
  },
};
