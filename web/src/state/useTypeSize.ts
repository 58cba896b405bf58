import { useCallback, useState } from 'react';

const storageKey = 'lifecircle.type';

export type TypeSize = 'normal' | 'large';

/** Reads the type size a person chose on this machine; before the first paint, so that nothing jumps. */
export function startTypeSize(): TypeSize {
  const size = window.localStorage.getItem(storageKey) === 'large' ? 'large' : 'normal';
  document.documentElement.dataset['type'] = size;
  return size;
}

/** The type size and the way to change it; it is the person's and not the page's, so it is not in the URL. */
export function useTypeSize(): [TypeSize, (size: TypeSize) => void] {
  const [size, setSize] = useState(startTypeSize);
  const change = useCallback((chosen: TypeSize) => {
    window.localStorage.setItem(storageKey, chosen);
    startTypeSize();
    setSize(chosen);
  }, []);
  return [size, change];
}
