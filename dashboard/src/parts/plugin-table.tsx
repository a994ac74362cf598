import type { PluginState } from '../../../src/domain/operations/role-board.js';
import { Table } from './table.js';

/** Plugins as found. */
export function PluginTable({ plugins }: { readonly plugins: readonly PluginState[] }) {
  return (
    <Table
      caption="Plugins that were found"
      head={['plugin', 'version', 'role', 'stability', 'state']}
    >
      {plugins.map(({ id, version, role, stability, state, reason }) => (
        <tr key={id}>
          <th scope="row">{id}</th>
          <td>{version || '–'}</td>
          <td>{role ?? '–'}</td>
          <td>{stability || '–'}</td>
          <td>
            <span class={`badge ${state}`}>{state}</span>
            {reason !== '' && <span class="reason">{reason}</span>}
          </td>
        </tr>
      ))}
    </Table>
  );
}
