import { join } from 'node:path';
import { parseDescription } from './model-description.js';
import { MAX_DESCRIPTION_BYTES, readModelFile } from './read-file.js';

const MAX_LENGTH = 400;
/** Figures of a card's first table: what was measured, and what it is compared with. */
const FIGURES = 2;

function section(card: string, title: string): readonly string[] {
  const [, text = ''] = card.split(new RegExp(`^## ${title}\\s*$`, 'm'));
  return (text.split(/^## /m)[0] ?? '').split('\n');
}

const cellsOf = (row: string) => row.split('|').map((cell) => cell.trim());

/**
 * What a model claims of itself, in one line: the first sentence of its card's `Model basics`, the first figures of its `Evaluation`, and how many
 * cases it was trained on. People write cards: what is not there is left out.
 */
export function claimOf(card: string, cases: number): string {
  const isRow = (line: string) => line.startsWith('|');
  const words = section(card, 'Model basics').find((line) => line.trim() !== '' && !isRow(line));
  const [sentence = ''] = /^.*?[.](?=\s|$)/.exec(words ?? '') ?? [words ?? ''];
  const figures = section(card, 'Evaluation')
    .filter(isRow)
    .slice(2, 2 + FIGURES)
    .map(cellsOf)
    .map(([, name, value]) => `${name} ${value}`);
  const trained = cases > 0 ? `trained on ${cases} cases` : '';
  const claims = [...figures, trained].filter((text) => text !== '').join(', ');
  const line = [sentence, claims === '' ? '' : `Says: ${claims}.`].filter((part) => part !== '');
  const claim = line.join(' ');
  return claim.length <= MAX_LENGTH ? claim : `${claim.slice(0, MAX_LENGTH - 1)}…`;
}

async function readClaim(folder: string): Promise<string> {
  const path = join(folder, 'model.yaml');
  const text = (await readModelFile(path, MAX_DESCRIPTION_BYTES)).toString('utf8');
  const { card, training } = parseDescription(text, path);
  const bytes = await readModelFile(join(folder, card.file), MAX_DESCRIPTION_BYTES);
  return claimOf(bytes.toString('utf8'), training.cases);
}

/** Claims of model folders, each read once, when it is first asked for. */
export class ModelClaims {
  readonly #claims = new Map<string, string>();

  /** Empty until it has been read, and where there is none to read. */
  of(folder: string): string {
    const known = this.#claims.get(folder);
    if (known !== undefined) return known;
    this.#claims.set(folder, '');
    readClaim(folder).then(
      (claim) => this.#claims.set(folder, claim),
      // Whoever opens the model is told what is wrong with its folder.
      () => undefined,
    );
    return '';
  }
}
