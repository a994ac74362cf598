/** One line of `/metrics`. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The series of one name in a text as Prometheus reads it. */
export function seriesIn(text: string, name: string): readonly Series[] {
  return text.split('\n').flatMap((line) => {
    const [, found, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
    if (found !== name) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    return [
      {
        labels: Object.fromEntries(pairs.map(([, label = '', of = '']) => [label, of])),
        value: Number(value),
      },
    ];
  });
}

/** What a host tells of itself. */
export async function readMetrics({
  httpAddress,
}: {
  readonly httpAddress: string;
}): Promise<string> {
  return (await fetch(`http://${httpAddress}/metrics`)).text();
}
