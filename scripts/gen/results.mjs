// Writes the tables of docs/results.md from what the demo, the benchmarks and the evaluation last measured: npm run gen:results. A table
// whose measurement is not there stays as it is.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

const read = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);

function markdown(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n',
  );
}

function demoTable() {
  const summary = read('out/demo/summary.json');
  if (!summary) return undefined;
  copyFileSync('out/demo/dvh.png', 'docs/demo-dvh.png');
  const targets = Object.entries(summary.arms[0].metrics).flatMap(([name, { role }]) =>
    role === 'target' ? [name] : [],
  );
  const head = ['arm', 'iterations', 'call-equivalents', 'ms', 'F_ref', 'over alone'];
  const rows = summary.arms.map((arm) => [
    arm.name,
    arm.iterations,
    arm.callEquivalents.toFixed(0),
    arm.wallMs.toFixed(0),
    arm.fRef.toFixed(2),
    arm.fRefOverAlone.toFixed(3),
    ...targets.map((name) => arm.metrics[name].D95.toFixed(1)),
    arm.advice ? `${arm.adviceApplied} / ${arm.adviceRefused}` : '',
  ]);
  return markdown(
    [...head, ...targets.map((name) => `${name} D95 Gy`), 'advice applied / refused'],
    rows,
  );
}

function evaluateTable(folder) {
  const summary = read(`${folder}/summary.json`);
  if (!summary) return undefined;
  const show = (value, digits = 0) => value?.toFixed(digits) ?? '-';
  // Times of plans that may have shared the cores are no figures.
  const isTimed = summary.timesFrom === 'timing';
  const shown = Object.entries(summary.arms).filter(([, { kind }]) => kind !== 'long');
  const rows = shown.map(([name, arm]) => [
    name,
    `${arm.reached}/${arm.patients}`,
    `${show(arm.medianCallEquivalents)} (${arm.ci95.map((end) => show(end)).join(' to ')})`,
    show(arm.worstCallEquivalents),
    show(arm.againstBestClassical?.median, 2),
    show(arm.medianIterations),
    `${show(arm.medianFRefRatio, 3)} (${show(arm.worstFRefRatio, 3)})`,
    arm.outside.dosesKnown > 0
      ? `${arm.outside.fRef} / ${arm.outsideMargins}`
      : `${arm.outside.fRef} / ?`,
    ...(isTimed ? [show(arm.medianWallMs)] : []),
  ]);
  const table = markdown(
    [
      'arm',
      'reached',
      `calls to ${summary.reference} + 1 % (95 %)`,
      'worst',
      `over ${summary.bestClassical}`,
      'iterations',
      `F_ref / ${summary.reference} (worst)`,
      'outside the margin of F_ref / any',
      ...(isTimed ? ['ms'] : []),
    ],
    rows,
  );
  const geometry = summary.planOptions.filter((option) => !option.startsWith('--threads'));
  return `${summary.cases.length} cases, ${geometry.join(' ') || 'default (coplanar) geometry'}; medians.\n\n${table}`;
}

/** Each plan to its own end, over that of the reference arm, patient by patient. dH's program has an objective of its own. */
function wholePlanTable(folder) {
  const summary = read(`${folder}/summary.json`);
  if (!summary) return undefined;
  const arms = Object.entries(summary.arms);
  const hasOwnF = arms.every(([, { besideReference }]) => besideReference.ownF);
  const show = (value) => value?.toFixed(hasOwnF ? 2 : 3) ?? '-';
  const ratio = (figure) => (figure ? `${show(figure.median)} (${show(figure.worst)})` : '-');
  const rows = arms.map(([name, { besideReference }]) => [
    name,
    ratio(besideReference.voxelWeightedCalls),
    ratio(besideReference.cpu),
    ...(hasOwnF ? [ratio(besideReference.ownF)] : []),
    ratio(besideReference.fRef),
    `${besideReference.better} / ${besideReference.worse}`,
  ]);
  const ownF = hasOwnF ? ["dH's own F"] : [];
  const head = ['arm', 'calls by voxels', 'CPU', ...ownF, 'F_ref', 'better / worse'];
  return `${summary.cases.length} cases; medians of the ratios (the worst).\n\n${markdown(head, rows)}`;
}

function rttTable() {
  const bench = read('out/bench/rtt.json');
  if (!bench) return undefined;
  const servers = {
    advisor: 'host with `plateau`',
    'advisor-model': 'with `convergence`',
    'advisor-model-each': '`convergence` asked each time',
    'grpc-js-echo': 'grpc-js echo',
    'cpp-echo': 'C++ echo',
  };
  const over = (one, echo) =>
    ` (${(one.p50Us / echo.p50Us).toFixed(2)}, ${(one.p99Us / echo.p99Us).toFixed(2)})`;
  const lengths = [...new Set(bench.rows.map(({ doubles }) => doubles))];
  const rows = lengths.map((doubles) => {
    const of = (name) => bench.rows.find((row) => row.server === name && row.doubles === doubles);
    const echo = of('grpc-js-echo');
    const times = Object.keys(servers).map((name) => {
      const one = of(name);
      const ratios = name.startsWith('advisor') ? over(one, echo) : '';
      return `${one.p50Us.toFixed(0)} / ${one.p99Us.toFixed(0)}${ratios}`;
    });
    return [doubles, ...times];
  });
  const streams = bench.loadRows[0]?.streams;
  const answers = Object.keys(servers).map((name) => {
    const row = bench.loadRows.find(({ server }) => server === name);
    return row === undefined ? '' : row.answersPerS.toFixed(0);
  });
  rows.push([`${streams} streams, answers a second`, ...answers]);
  return markdown(['doubles sent', ...Object.values(servers)], rows);
}

function objectiveTable() {
  const bench = read('out/bench/objective.json');
  if (!bench) return undefined;
  const rows = bench.rows.map((row) => [
    row.geometry,
    row.beamlets,
    row.voxels,
    row.values,
    row.valueGradientMs.toFixed(2),
    row.limitMs.toFixed(2),
    row.ratioToLimit.toFixed(2),
  ]);
  return markdown(
    [
      'geometry',
      'n',
      'voxels',
      'matrix values',
      'value+gradient ms',
      'memory limit ms',
      'times the limit',
    ],
    rows,
  );
}

let results = readFileSync('docs/results.md', 'utf8');
const tables = {
  demo: demoTable(),
  evaluate: evaluateTable('out/evaluate'),
  'evaluate-full': evaluateTable('out/evaluate-full'),
  'evaluate-whole': wholePlanTable('out/evaluate-whole'),
  'evaluate-shipped': wholePlanTable('out/evaluate-shipped'),
  rtt: rttTable(),
  objective: objectiveTable(),
};
// The picture of few arms, see docs/results.md; one of all arms is too full to read.
const curves = 'out/curves/cost-quality.svg';
if (existsSync(curves)) copyFileSync(curves, 'docs/cost-quality.svg');
for (const [name, table] of Object.entries(tables)) {
  if (table === undefined) continue;
  const block = new RegExp(`<!-- ${name} -->[^]*<!-- /${name} -->`);
  results = results.replace(block, `<!-- ${name} -->\n${table}\n<!-- /${name} -->`);
}
writeFileSync('docs/results.md', results);
