import { hashFiles, sha256 } from './fingerprint.js';

/** Relative to the repository root, where `npm run evaluate` runs. */
export const RTMODEL = 'build/cpp/rtmodel/rtmodel';
export const HOST = 'dist/src/main.js';

export interface Programs {
  readonly rtmodelSha256: string;
  readonly hostSha256: string;
  readonly modelsSha256: string;
}

/** What ran. The host is its compiled code with the plugins; models are all there are, whichever a plugin takes. */
export function hashPrograms(modelsDirectory: string): Programs {
  return {
    rtmodelSha256: hashFiles(RTMODEL),
    hostSha256: sha256(
      hashFiles('dist/src', /\.js$/),
      hashFiles('dist/plugins', /\.(js|json)$/),
      hashFiles('proto', /\.proto$/),
    ),
    modelsSha256: hashFiles(modelsDirectory, /\.(onnx|yaml|json)$/),
  };
}
