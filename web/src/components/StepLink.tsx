import type { MouseEvent, ReactNode } from 'react';

interface Props {
  href: string;
  onFollow: () => void;
  current: boolean;
  className?: string;
  children: ReactNode;
}

/** A link to another state of the same page: followed without loading, but it opens in a new tab like any link. */
export function StepLink({ href, onFollow, current, className, children }: Props) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
    event.preventDefault();
    onFollow();
  };
  return (
    <a href={href} onClick={follow} aria-current={current ? 'true' : undefined} className={className}>
      {children}
    </a>
  );
}
