import type { PluginState } from '../../../src/domain/operations/role-board.js';
import { Table } from './table.js';

/** Plugins as found. */
export function PluginTable({ plugins }: { readonly plugins: readonly PluginState[] }) {
  return (
    <Table
      caption="Plugins that were found"
      head={['plugin', 'version', 'role', 'stability', 'runs', 'restarts', 'state']}
    >
      {plugins.map(
        ({ id, version, role, stability, isolation, restarts, lastEnd, state, reason }) => (
          <tr key={id}>
            <th scope="row">{id}</th>
            <td>{version || '–'}</td>
            <td>{role ?? '–'}</td>
            <td>{stability || '–'}</td>
            <td>{isolation || '–'}</td>
            <td>{isolation === 'process' ? restarts : '–'}</td>
            <td>
              <span class={`badge ${state}`}>{state}</span>
              {(reason || lastEnd) !== '' && <span class="reason">{reason || lastEnd}</span>}
            </td>
          </tr>
        ),
      )}
    </Table>
  );
}
