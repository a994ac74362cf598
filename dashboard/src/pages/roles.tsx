import { useState } from 'preact/hooks';
import type { ModelState } from '../../../src/domain/operations/models.js';
import type { PluginState } from '../../../src/domain/operations/role-board.js';
import type { HostStatus, RolePanel } from '../../../src/http/api.js';
import { useHost } from '../live/hooks.js';
import { ChangeRole } from '../parts/roles/change-role.js';
import { ChangeLabel, ModelTable } from '../parts/roles/model-table.js';
import { PluginTable } from '../parts/roles/plugin-table.js';
import { RoleTable } from '../parts/roles/role-table.js';

const REFRESH_MS = 2000;

export interface RolesPageProps {
  readonly status: HostStatus;
  readonly say: (text: string) => void;
}

/** Who advises: roles, models, plugins, and one way to change each. */
export function RolesPage({ status, say }: RolesPageProps) {
  const { generation } = status;
  const { value: roles = [], again } = useHost<readonly RolePanel[]>(
    '/api/roles',
    generation,
    REFRESH_MS,
  );
  const { value: plugins = [] } = useHost<readonly PluginState[]>(
    '/api/plugins',
    generation,
    REFRESH_MS,
  );
  const { value: models = [] } = useHost<readonly ModelState[]>(
    '/api/models',
    generation,
    REFRESH_MS,
  );
  const [role, setRole] = useState<RolePanel>();
  const [model, setModel] = useState<string>();
  const done = (text: string) => {
    say(text);
    again();
  };
  return (
    <section aria-labelledby="roles-title">
      <h1 id="roles-title">Roles and models</h1>
      <p class="quiet lead">
        For plans that open now, in generation {generation}. Open plans keep the plugins and models
        they began with. Shares and times since the host started; health of the last 5 minutes.
      </p>
      <RoleTable roles={roles} plugins={plugins} change={setRole} />
      {models.length > 0 ? (
        <ModelTable models={models} change={setModel} />
      ) : (
        <p class="quiet">There is no model.</p>
      )}
      <PluginTable plugins={plugins} />
      {role !== undefined && (
        <ChangeRole
          panel={role}
          plugins={plugins}
          models={models}
          status={status}
          done={done}
          close={() => setRole(undefined)}
        />
      )}
      {model !== undefined && (
        <ChangeLabel
          model={model}
          models={models}
          status={status}
          done={done}
          close={() => setModel(undefined)}
        />
      )}
    </section>
  );
}
