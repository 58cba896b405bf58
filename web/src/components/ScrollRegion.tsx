import type { ReactNode } from 'react';

interface Props {
  label: string;
  children: ReactNode;
}

/** A table that may be wider than the screen: it scrolls by itself, with the keyboard too. */
export function ScrollRegion({ label, children }: Props) {
  return (
    // What scrolls has to be reached by the keyboard (WCAG 2.1.1); the rule knows no scrolling.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-scroll" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}
