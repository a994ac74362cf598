// The sections of CHANGELOG.md.
const HEADING = /^## (.+)$/gm;
const UNRELEASED = 'Unreleased';

/** `{ title, body }` of each, from the top. */
export function sectionsOf(text) {
  const headings = [...text.matchAll(HEADING)];
  return headings.map((match, index) => ({
    title: match[1],
    body: text.slice(match.index + match[0].length, headings[index + 1]?.index).trim(),
  }));
}

/** What is told of a version: its section, or what is not released yet when it has none. */
export function notesFor(text, version) {
  const sections = sectionsOf(text);
  const own = sections.find(({ title }) => title.split(' ')[0] === version);
  const section = own ?? sections.find(({ title }) => title === UNRELEASED);
  return { isReleased: own !== undefined, body: section?.body ?? '' };
}

/**
 * The text with what was not released yet under the version, and an empty section above it for what comes next.
 * @throws when there is nothing to release, or the version has a section.
 */
export function release(text, version, date) {
  const { isReleased, body } = notesFor(text, version);
  if (isReleased) throw new Error(`CHANGELOG.md has a section for ${version} already`);
  if (body === '') throw new Error(`CHANGELOG.md has nothing under "## ${UNRELEASED}"`);
  return text.replace(`## ${UNRELEASED}\n`, `## ${UNRELEASED}\n\n## ${version} (${date})\n`);
}
