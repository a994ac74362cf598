/** What commands were called in the release before, and are called now. Taken for one release. */
export const FORMER_COMMANDS: readonly (readonly [former: string, current: string])[] = [
  ['check', 'config check'],
  ['diff', 'config diff'],
  ['generations', 'config history'],
  ['reload', 'config reload'],
  ['rollback', 'config rollback'],
  ['enable', 'role on'],
  ['disable', 'role off'],
  ['use', 'role use'],
  ['label', 'model label'],
  ['models', 'model list'],
  ['plugins', 'plugin list'],
  ['sessions', 'session list'],
  ['experiments', 'experiment'],
  ['trajectories', 'trajectory'],
];

export interface CurrentCommand {
  /** What the program is given in place of what was typed. */
  readonly words: readonly string[];
  /** For whoever typed a former name. */
  readonly notice?: string;
}

/** `typed`: the words after the name of the program. */
export function currentCommand(typed: readonly string[]): CurrentCommand {
  const isHelp = typed[0] === 'help';
  const [first, ...rest] = isHelp ? typed.slice(1) : typed;
  const [former, current] = FORMER_COMMANDS.find(([name]) => name === first) ?? [];
  if (former === undefined || current === undefined) return { words: typed };
  return {
    words: [...current.split(' '), ...rest, ...(isHelp ? ['--help'] : [])],
    notice: `\`dh-advisor ${former}\` is called \`dh-advisor ${current}\` now; the former name is taken in this release only.`,
  };
}
