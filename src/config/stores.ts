import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JournalsConfig } from '../domain/host-config.js';
import { z } from '../plugin-sdk/index.js';
import { count, positive, section } from './schema/config-values.js';

export const journalsSchema = section({
  enabled: z
    .boolean()
    .default(true)
    .describe(
      'True: what was decided of each plan is written down, without keys and volumes; see docs/journals.md.',
    ),
  directory: z
    .string()
    .min(1)
    .default('journals')
    .describe('Where to, relative to this file; hosts may share it.'),
  keep_days: positive
    .max(36_500)
    .default(365)
    .describe('Journals that were last written so many days ago are removed.'),
  max_total_bytes: count
    .default(1_073_741_824)
    .describe(
      'Of the whole directory; beyond it the oldest journals of plans that have ended are removed.',
    ),
});

/** With an absolute path. `openAtMostMs`: the greatest age of a session. */
export function journalsOf(
  journals: z.output<typeof journalsSchema>,
  openAtMostMs: number,
  folder: string,
): JournalsConfig {
  return {
    enabled: journals.enabled,
    directory: resolve(folder, journals.directory),
    keepDays: journals.keep_days,
    maxTotalBytes: journals.max_total_bytes,
    openAtMostMs,
  };
}

/** `url` of the configuration: a path is relative to `folder`. */
export function storageUrl(url: string, folder: string): string {
  const isUrl = /^[a-z][a-z0-9+.-]*:/i.test(url);
  return isUrl ? url : pathToFileURL(resolve(folder, url)).href;
}
