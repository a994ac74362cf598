import { z } from 'zod';
import { ROLES } from './role.js';

const semver = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

/** The version of this SDK. A plugin's manifest names the range it was written for. */
export const SDK_VERSION = '1.0.0';

/** `plugin.json`: what the host knows about a plugin without running its code. */
export const manifestSchema = z.strictObject({
  /** Kebab-case; the name of the plugin in the configuration. */
  id: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be kebab-case, such as "plateau"'),
  version: z.string().regex(semver, 'must be a version such as "1.0.0"'),
  /** Range of SDK versions, such as `^1.0.0`. */
  sdk: z.string().min(1),
  role: z.enum(ROLES),
  stability: z.enum(['stable', 'alpha', 'wip']),
  /** The module to load, relative to the manifest and inside its folder. */
  entry: z
    .string()
    .regex(/^(?!\/)(?!.*\.\.)[\w./-]+\.m?js$/, 'must be a .js file inside the plugin folder'),
  description: z.string().min(1),
});

export type Manifest = z.output<typeof manifestSchema>;
