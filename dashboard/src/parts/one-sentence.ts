/** The first fault in one sentence, without the path of the file; how many more there are. */
export function inOneSentence(problem: string): string {
  const lines = problem.split('\n').filter((line) => line.trim() !== '');
  const faults = lines.filter((line) => /:\d+: /.test(line));
  const first = faults[0] ?? lines[0] ?? '';
  const [, line, what] = /([^\s:]+:\d+): (.*)/.exec(first) ?? [];
  const place = line?.split(/[/:]/).at(-1);
  const sentence = what === undefined ? first : `Line ${place}: ${what}`;
  const more = Math.max(faults.length - 1, 0);
  return more === 0 ? sentence : `${sentence} (and ${more} more)`;
}
