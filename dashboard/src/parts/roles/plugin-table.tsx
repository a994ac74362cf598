import type { PluginState } from '../../../../src/domain/operations/role-board.js';
import { Table } from '../table.js';

/** Plugins as found. */
export function PluginTable({ plugins }: { readonly plugins: readonly PluginState[] }) {
  return (
    <Table
      caption="Plugins that were found"
      head={['plugin', 'version', 'role', 'stability', 'state', 'runs', 'restarts', 'what it does']}
    >
      {plugins.map((plugin) => {
        const { id, version, role, stability, isolation, restarts, state, description } = plugin;
        const problem = plugin.reason || plugin.lastEnd;
        return (
          <tr key={id}>
            <th scope="row">{id}</th>
            <td>{version || '–'}</td>
            <td>{role ?? '–'}</td>
            <td>{stability || '–'}</td>
            <td>
              <span class={`badge ${state}`}>{state}</span>
            </td>
            <td>{isolation || '–'}</td>
            <td>{isolation === 'process' ? restarts : '–'}</td>
            <td>
              {description}
              {problem !== '' && <span class="reason">{problem}</span>}
            </td>
          </tr>
        );
      })}
    </Table>
  );
}
