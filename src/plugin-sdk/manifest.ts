import { z } from 'zod';
import { ROLES } from './role.js';

const semver = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/;

/** The version of this SDK. A plugin's manifest names the range it was written for. */
export const SDK_VERSION = '1.0.0';

/** Variables that hold secrets of the host begin so: no plugin gets them. */
const HOST_VARIABLES = 'DH_ADVISOR_';

const ENTRIES = {
  node: {
    pattern: /^(?!\/)(?!.*\.\.)[\w./-]+\.m?js$/,
    what: 'a .js file inside the plugin folder',
  },
  python: {
    pattern: /^(?!\/)(?!.*\.\.)[\w./-]+\.py$/,
    what: 'a .py file inside the plugin folder',
  },
} as const;

/** `plugin.json`: what the host knows about a plugin without running its code. */
export const manifestSchema = z
  .strictObject({
    /** Kebab-case; the name of the plugin in the configuration. */
    id: z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, 'must be kebab-case, such as "plateau"'),
    version: z.string().regex(semver, 'must be a version such as "1.0.0"'),
    /** Range of SDK versions, such as `^1.0.0`. */
    sdk: z.string().min(1),
    role: z.enum(ROLES),
    stability: z.enum(['stable', 'alpha', 'wip']),
    /** What runs the entry. A plugin in Python always runs in a process of its own. */
    runtime: z.enum(['node', 'python']).default('node'),
    /** The module to load, relative to the manifest and inside its folder. */
    entry: z.string(),
    /** Environment variables of the host that the plugin gets when it runs in a process of its own, by name. */
    environment: z
      .array(
        z
          .string()
          .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a variable')
          .refine(
            (name) => !name.toUpperCase().startsWith(HOST_VARIABLES),
            `must not be one of the host itself (${HOST_VARIABLES}...)`,
          ),
      )
      .default([]),
    description: z.string().min(1),
  })
  .superRefine(({ runtime, entry }, context) => {
    const { pattern, what } = ENTRIES[runtime];
    if (pattern.test(entry)) return;
    context.addIssue({ code: 'custom', path: ['entry'], message: `must be ${what}` });
  });

export type Manifest = z.output<typeof manifestSchema>;
