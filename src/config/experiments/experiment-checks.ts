/** A fault of a definition that no single field shows. */
export interface DefinitionFault {
  readonly path: readonly (string | number)[];
  readonly problem: string;
}

interface CheckedMetric {
  readonly metric: string;
  readonly scale: 'ratio' | 'difference';
  readonly range?: readonly [number, number] | undefined;
}

interface CheckedArm {
  readonly id: string;
  readonly roles: Readonly<Record<string, object | undefined>>;
}

/** What the checks look at of an experiment as written. */
export interface CheckedExperiment {
  readonly id: string;
  readonly state: 'running' | 'ended';
  readonly unit: 'plan' | 'patient';
  readonly layer: { readonly name: string; readonly from: number; readonly to: number };
  readonly arms: readonly CheckedArm[];
  readonly control: string;
  readonly shadow_arms: readonly CheckedArm[];
  readonly primary: CheckedMetric;
  readonly secondary: readonly CheckedMetric[];
  readonly non_inferiority: readonly CheckedMetric[];
  readonly guardrails: readonly CheckedMetric[];
  readonly adjust: {
    readonly beamlet_strata: readonly number[];
    readonly features: readonly string[];
  };
  readonly ramp: readonly { readonly percent: number }[];
  readonly start: { readonly min_plans: number };
  readonly stop: { readonly max_plans?: number | undefined };
  readonly promote?: object | undefined;
}

type Path = DefinitionFault['path'];

function duplicates(values: readonly string[], pathOf: (index: number) => Path, what: string) {
  return values.flatMap((value, index) =>
    values.indexOf(value) < index
      ? [{ path: pathOf(index), problem: `is ${what} that is there already: "${value}"` }]
      : [],
  );
}

function ascending(values: readonly number[], pathOf: (index: number) => Path, what: string) {
  return values.flatMap((value, index) =>
    index > 0 && value <= (values[index - 1] ?? value)
      ? [{ path: pathOf(index), problem: `must be above the ${what} before it` }]
      : [],
  );
}

function checkMetric({ scale, range }: CheckedMetric, path: Path): readonly DefinitionFault[] {
  if (scale === 'ratio') {
    return range === undefined
      ? []
      : [{ path: [...path, 'range'], problem: 'is for differences; logarithms need none' }];
  }
  if (range === undefined) {
    return [{ path: [...path, 'range'], problem: 'must be there: a difference has a range' }];
  }
  return range[0] < range[1]
    ? []
    : [{ path: [...path, 'range'], problem: 'must be two ascending numbers' }];
}

/** A label can carry over versions of models and nothing else. */
function checkPromotion({ arms, control }: CheckedExperiment): readonly DefinitionFault[] {
  const faults: DefinitionFault[] = [];
  for (const [index, { id, roles }] of arms.entries()) {
    if (id === control) continue;
    for (const [role, override] of Object.entries(roles)) {
      const { model, settings = {} } = (override ?? {}) as {
        readonly model?: string;
        readonly settings?: object;
      };
      const path = ['arms', index, 'roles', role];
      if (!/@\d[\d.]*$/.test(model ?? '')) {
        const problem =
          'must name a version, such as "warm-start@2": `promote` points a label at it';
        faults.push({ path: [...path, 'model'], problem });
      } else if (Object.keys(settings).length > 0) {
        const problem = 'must be empty: `promote` moves labels, which carry no settings';
        faults.push({ path: [...path, 'settings'], problem });
      }
    }
  }
  return faults;
}

/** Faults of one experiment; paths begin in it. */
export function checkExperiment(experiment: CheckedExperiment): readonly DefinitionFault[] {
  const { arms, shadow_arms: shadowArms, control, layer, adjust } = experiment;
  const faults: DefinitionFault[] = [];
  const ids = [...arms, ...shadowArms].map(({ id }) => id);
  faults.push(
    ...duplicates(
      ids,
      (i) => (i < arms.length ? ['arms', i, 'id'] : ['shadow_arms', i - arms.length, 'id']),
      'the id of an arm',
    ),
  );
  if (!arms.some(({ id }) => id === control)) {
    const known = arms.map(({ id }) => id).join(', ');
    faults.push({ path: ['control'], problem: `is not one of the arms: ${known}` });
  }
  shadowArms.forEach(({ roles }, index) => {
    if (Object.keys(roles).length === 0) {
      const problem = 'must override a role: the arm would compute what is served';
      faults.push({ path: ['shadow_arms', index, 'roles'], problem });
    }
  });
  if (layer.from >= layer.to) {
    faults.push({ path: ['layer', 'from'], problem: 'must be below `to`' });
  }
  const lists = { secondary: experiment.secondary, non_inferiority: experiment.non_inferiority };
  faults.push(...checkMetric(experiment.primary, ['primary']));
  for (const [name, list] of Object.entries({ ...lists, guardrails: experiment.guardrails })) {
    for (const [index, metric] of list.entries()) {
      faults.push(...checkMetric(metric, [name, index]));
    }
    const metrics = list.map(({ metric }) => metric);
    faults.push(...duplicates(metrics, (i) => [name, i, 'metric'], 'a metric'));
  }
  if (experiment.secondary.some(({ metric }) => metric === experiment.primary.metric)) {
    const index = experiment.secondary.findIndex((m) => m.metric === experiment.primary.metric);
    faults.push({ path: ['secondary', index, 'metric'], problem: 'is the primary metric' });
  }
  const { beamlet_strata: strata, features } = adjust;
  faults.push(...ascending(strata, (i) => ['adjust', 'beamlet_strata', i], 'limit'));
  faults.push(...duplicates(features, (i) => ['adjust', 'features', i], 'a feature'));
  const percents = experiment.ramp.map(({ percent }) => percent);
  faults.push(...ascending(percents, (i) => ['ramp', i, 'percent'], 'step'));
  if (experiment.promote !== undefined) faults.push(...checkPromotion(experiment));
  const { max_plans: maxPlans } = experiment.stop;
  if (maxPlans !== undefined && maxPlans < experiment.start.min_plans) {
    const problem = `must not be below start.min_plans (${experiment.start.min_plans}): nothing would be compared`;
    faults.push({ path: ['stop', 'max_plans'], problem });
  }
  return faults;
}

const rolesOf = ({ arms }: CheckedExperiment) => [
  ...new Set(arms.flatMap(({ roles }) => Object.keys(roles).filter((role) => roles[role]))),
];

/** Faults between experiments; paths begin in their list. Ended ones are in nobody's way. */
export function checkExperiments(
  experiments: readonly CheckedExperiment[],
): readonly DefinitionFault[] {
  const faults: DefinitionFault[] = duplicates(
    experiments.map(({ id }) => id),
    (index) => [index, 'id'],
    'the id of an experiment',
  );
  for (const [index, experiment] of experiments.entries()) {
    for (const other of experiments.slice(0, index)) {
      if (experiment.state === 'ended' || other.state === 'ended') continue;
      if (experiment.layer.name === other.layer.name) {
        if (experiment.layer.from < other.layer.to && other.layer.from < experiment.layer.to) {
          const problem = `overlaps ${other.layer.from} to ${other.layer.to} of "${other.id}" in layer "${experiment.layer.name}"`;
          faults.push({ path: [index, 'layer'], problem });
        }
        if (experiment.unit !== other.unit) {
          const problem = `is not that of "${other.id}": experiments of a layer exclude one another by the same unit`;
          faults.push({ path: [index, 'unit'], problem });
        }
        continue;
      }
      for (const role of rolesOf(experiment).filter((name) => rolesOf(other).includes(name))) {
        const problem = `overrides ${role}, and so does "${other.id}" in layer "${other.layer.name}": put both into one layer`;
        faults.push({ path: [index, 'layer'], problem });
      }
    }
  }
  return faults;
}
