import type { ComponentChildren } from 'preact';

export interface TableProps {
  readonly caption: string;
  readonly head: readonly string[];
  readonly children: ComponentChildren;
}

/** A table that scrolls sideways on a narrow screen, also by keyboard. */
export function Table({ caption, head, children }: TableProps) {
  const width = head.length > 6 ? 'many' : head.length > 4 ? 'some' : '';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    // biome-ignore lint/a11y/useSemanticElements: a section would add another heading level
    <div class="scroll" role="region" aria-label={caption} tabIndex={0}>
      <table class={width}>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((title) =>
              // Of what can be done; buttons say it themselves.
              title === '' ? (
                <td key={title} />
              ) : (
                <th key={title} scope="col">
                  {title}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
