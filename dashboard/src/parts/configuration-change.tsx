import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { ChangeReport, ConfigChange } from '../../../src/domain/operations/operations.js';
import type { HostStatus } from '../../../src/http/api.js';
import { type AskedChange, type Origin, post } from '../live/host-calls.js';
import { ChangeDialog } from './change-dialog.js';
import { DryRun } from './differences.js';

export interface ConfigurationChangeProps {
  readonly change: ConfigChange;
  readonly title: string;
  /** What the button that does it says; `Apply` unless given. */
  readonly action?: string;
  /** What is chosen in the dialog itself. */
  readonly children?: ComponentChildren;
  readonly status: HostStatus;
  /** Told what was changed. */
  readonly done: (text: string) => void;
  readonly close: () => void;
}

/** Confirms a change of the configuration; refused when another generation has come into force meanwhile. */
export function ConfigurationChange(props: ConfigurationChangeProps) {
  const { change, title, status, done, close } = props;
  // The one that the operator saw when he asked, not one that has come into force since.
  const [expectedGeneration] = useState(status.generation);
  const ask = (origin: Origin, dryRun: boolean) => {
    const asked: AskedChange = {
      ...origin,
      change,
      dryRun,
      expectedGeneration,
    };
    return post<ChangeReport>('/api/configuration/changes', asked);
  };
  return (
    <ChangeDialog
      title={title}
      close={close}
      needsToken={status.needsToken}
      action={props.action ?? 'Apply'}
      preview={async (origin) => <DryRun report={await ask(origin, true)} />}
      apply={async (origin) => {
        const report = await ask(origin, false);
        done(
          report.isApplied
            ? `${title}: generation ${report.generation} is in force.`
            : `${title}: nothing differs, generation ${report.generation} stays.`,
        );
      }}
    >
      {props.children}
      <p class="quiet">
        For plans that open afterwards; open plans keep what they have. Generation{' '}
        {status.generation} is in force.
      </p>
    </ChangeDialog>
  );
}
