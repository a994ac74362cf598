import type { Argument, Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

/** A command as completion needs it. */
interface Node {
  /** Such as `/trajectory/list`; empty for the program. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly children: readonly Node[];
  readonly options: readonly Option[];
  /** What its arguments can be, as far as that is known. */
  readonly choices: readonly string[];
}

function nodeOf(command: Command, path: string): Node {
  const choices = (command.registeredArguments as readonly Argument[]).flatMap(
    ({ argChoices }) => argChoices ?? [],
  );
  const help = command.createHelp();
  return {
    path,
    choices,
    name: command.name(),
    description: command.description(),
    options: help.visibleOptions(command),
    children: help.visibleCommands(command).map((child) => {
      return nodeOf(child, `${path}/${child.name()}`);
    }),
  };
}

function all(node: Node): readonly Node[] {
  return [node, ...node.children.flatMap(all)];
}

function longOf({ long, short }: Option): string {
  return long ?? short ?? '';
}

/** Words that a command of these shells may be typed with next; none of them needs quoting. */
function wordsOf({ children, choices, options }: Node): string {
  return [...children.map(({ name }) => name), ...choices, ...options.map(longOf)].join(' ');
}

function bash(root: Node): string {
  const nodes = all(root);
  const paths = nodes.slice(1).map(({ path }) => path);
  const values = nodes.flatMap(({ path, options }) =>
    options
      .filter(({ argChoices }) => argChoices !== undefined)
      .map(
        (option) => `    '${path} ${longOf(option)}') words='${option.argChoices?.join(' ')}' ;;`,
      ),
  );
  const taking = [
    ...new Set(
      nodes.flatMap(({ options }) =>
        options.filter(({ required, optional }) => required || optional).map(longOf),
      ),
    ),
  ];
  return [
    `_${root.name.replaceAll('-', '_')}() {`,
    `  local path="" words="" i previous="\${COMP_WORDS[COMP_CWORD-1]}"`,
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    `    case "$path/\${COMP_WORDS[i]}" in`,
    `      ${paths.join('|')}) path="$path/\${COMP_WORDS[i]}" ;;`,
    '    esac',
    '  done',
    '  case "$path" in',
    ...nodes.map((node) => `    '${node.path}') words='${wordsOf(node)}' ;;`),
    '  esac',
    '  case "$previous" in',
    // Their values are free: the shell completes file names.
    `    ${taking.join('|')}) words='' ;;`,
    '  esac',
    '  case "$path $previous" in',
    ...values,
    '    *) ;;',
    '  esac',
    `  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))`,
    '}',
    `complete -o default -F _${root.name.replaceAll('-', '_')} ${root.name}`,
  ].join('\n');
}

function fish(root: Node): string {
  const quote = (text: string) => `'${text.replaceAll("'", "\\'")}'`;
  const top = root.children.map(({ name }) => name).join(' ');
  const lines = all(root).flatMap((node) => {
    const [, first, second] = node.path.split('/');
    const among = node.children.map(({ name }) => name).join(' ');
    const isHere =
      first === undefined
        ? `not __fish_seen_subcommand_from ${top}`
        : [
            `__fish_seen_subcommand_from ${first}`,
            // Several groups have a `list`.
            ...(second === undefined ? [] : [`and __fish_seen_subcommand_from ${second}`]),
            ...(among === '' ? [] : [`and not __fish_seen_subcommand_from ${among}`]),
          ].join('; ');
    const start = `complete -c ${root.name} -n ${quote(isHere)}`;
    return [
      ...node.children.map(
        ({ name, description }) => `${start} -f -a ${name} -d ${quote(description)}`,
      ),
      ...node.choices.map((choice) => `${start} -f -a ${choice}`),
      ...node.options.map((option) => {
        const value = option.required
          ? ` -r${option.argChoices ? ` -f -a ${quote(option.argChoices.join(' '))}` : ''}`
          : '';
        const long = longOf(option).replace(/^--/, '');
        return `${start} -l ${long}${value} -d ${quote(option.description)}`;
      }),
    ];
  });
  return lines.join('\n');
}

/** Completion of the whole program, made from its commands, so that it never lags behind them. */
export function completionScript(shell: Shell, program: Command): string {
  const root = nodeOf(program, '');
  switch (shell) {
    case 'bash':
      return bash(root);
    case 'zsh':
      return ['autoload -U +X bashcompinit && bashcompinit', bash(root)].join('\n');
    case 'fish':
      return fish(root);
  }
}
