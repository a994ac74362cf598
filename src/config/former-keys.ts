import type { Path } from './yaml-document.js';

/** Keys of the release before and what they are called now. The next release refuses them. */
const FORMER: readonly {
  readonly section: string;
  readonly before: string;
  readonly current: string;
}[] = [
  { section: 'storage', before: 'look_every_ms', current: 'analyse_every_ms' },
  { section: 'models', before: 'max_batch', current: 'max_batch_size' },
];

export interface PresentKeys {
  /** The file's content under the keys of today. */
  readonly value: unknown;
  /** What the file should be changed to. */
  readonly notices: readonly { readonly path: Path; readonly problem: string }[];
  /** A setting that is there under both keys. */
  readonly faults: readonly { readonly path: Path; readonly problem: string }[];
  /** A path of today as the file has it, for messages. */
  asWritten(path: Path): Path;
}

type Section = Readonly<Record<string, unknown>>;

function sectionOf(value: unknown, name: string): Section | undefined {
  const section = (value as Section | null)?.[name];
  return typeof section === 'object' && section !== null ? (section as Section) : undefined;
}

/** Takes keys of the release before for those of today. */
export function presentKeys(value: unknown): PresentKeys {
  const used = FORMER.filter(
    ({ section, before }) => sectionOf(value, section)?.[before] !== undefined,
  );
  const isTwice = ({ section, current }: (typeof FORMER)[number]) =>
    sectionOf(value, section)?.[current] !== undefined;
  const renamed = used.filter((key) => !isTwice(key));
  const present = renamed.reduce((whole, { section, before, current }) => {
    const { [before]: setting, ...others } = sectionOf(whole, section) ?? {};
    return { ...(whole as Section), [section]: { ...others, [current]: setting } };
  }, value);
  return {
    value: present,
    notices: renamed.map(({ section, before, current }) => ({
      path: [section, before],
      problem: `is called \`${current}\` now; the next release refuses the former name`,
    })),
    faults: used.filter(isTwice).map(({ section, before, current }) => ({
      path: [section, before],
      problem: `is the former name of \`${current}\`, which is there as well; remove it`,
    })),
    asWritten: (path) => {
      const key = renamed.find(
        ({ section, current }) => path[0] === section && path[1] === current,
      );
      return key === undefined ? path : [key.section, key.before, ...path.slice(2)];
    },
  };
}
