import { useState } from 'preact/hooks';
import type { ModelState } from '../../../src/domain/operations/models.js';
import type { ConfigChange } from '../../../src/domain/operations/operations.js';
import type { PluginState } from '../../../src/domain/operations/role-board.js';
import type { HostStatus, RolePanel } from '../../../src/http/api.js';
import { useHost } from '../live/hooks.js';
import { ConfigurationChange } from '../parts/configuration-change.js';
import { ModelTable } from '../parts/model-table.js';
import { PluginTable } from '../parts/plugin-table.js';
import { RoleCard } from '../parts/role-card.js';

const REFRESH_MS = 2000;

export interface AskedFor {
  readonly change: ConfigChange;
  readonly title: string;
}

export interface RolesPageProps {
  readonly status: HostStatus;
  readonly say: (text: string) => void;
}

/** Who advises: roles with their switches, plugins, models. */
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
  const [asked, setAsked] = useState<AskedFor>();
  return (
    <section aria-labelledby="roles-title">
      <h1 id="roles-title">Roles and models</h1>
      <p class="quiet">
        For plans that open now, in generation {generation}. Open plans keep the plugins and models
        they began with.
      </p>
      <h2>Roles</h2>
      <div class="grid">
        {roles
          .filter(({ solver }) => solver === null)
          .map((role) => {
            const bySolver = roles.filter(
              (other) => other.role === role.role && other.solver !== null,
            );
            return (
              <RoleCard
                key={role.role}
                role={role}
                bySolver={bySolver}
                plugins={plugins}
                models={models}
                ask={setAsked}
              />
            );
          })}
      </div>
      <h2>Models</h2>
      <ModelTable models={models} ask={setAsked} />
      <h2>Plugins</h2>
      <PluginTable plugins={plugins} />
      {asked !== undefined && (
        <ConfigurationChange
          {...asked}
          status={status}
          close={() => setAsked(undefined)}
          done={(text) => {
            say(text);
            again();
          }}
        />
      )}
    </section>
  );
}
