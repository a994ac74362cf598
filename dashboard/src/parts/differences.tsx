import type { ChangeReport, SettingDifference } from '../../../src/domain/operations/operations.js';
import { setting } from './figures.js';

/** Settings that differ, before and after. */
export function Differences({
  differences,
}: {
  readonly differences: readonly SettingDifference[];
}) {
  if (differences.length === 0) return <p class="quiet">No setting differs.</p>;
  return (
    <ul class="differences">
      {differences.map(({ path, before, after }) => (
        <li key={path}>
          <code>{path}</code> <del>{setting(before)}</del> <ins>{setting(after)}</ins>
        </li>
      ))}
    </ul>
  );
}

/** What a dry run found. */
export function DryRun({ report }: { readonly report: ChangeReport }) {
  return (
    <section class="dry-run" aria-label="Dry run">
      <h3>It would change</h3>
      <Differences differences={report.differences} />
      {report.needsRestart.length > 0 && (
        <p>In force only after a restart: {report.needsRestart.join(', ')}</p>
      )}
    </section>
  );
}
