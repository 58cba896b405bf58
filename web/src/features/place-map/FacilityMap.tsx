import { useCallback } from 'react';
import { rootOf } from '../../lib/areas';
import type { MapPlace } from '../../lib/url-state';
import type { MapFacility } from '../../map/places';
import { StreetMap } from '../../map/StreetMap';
import type { Shell } from '../shell/shell';
import { useGround } from './useGround';

interface Props {
  label: string;
  facilities: readonly MapFacility[];
  selected: string;
  onSelect: (id: string) => void;
  shell: Shell;
}

const nothing = () => undefined;
const noPoints: never[] = [];
const describe = (id: string) => id;

/** Facilities on the streets, and nothing else: each says what it is called, and may be chosen. */
export function FacilityMap({ label, facilities, selected, onSelect, shell }: Props) {
  const { state, areas, go } = shell;
  const { ground } = useGround(rootOf(areas, state.area));
  const onPlace = useCallback((map: MapPlace | null) => { go({ map }, 'replace'); }, [go]);
  return (
    <StreetMap
      label={label}
      ground={ground}
      surface={null}
      points={noPoints}
      facilities={facilities}
      selected={selected}
      onSelect={onSelect}
      picking={false}
      candidate={null}
      onPick={nothing}
      place={state.map}
      onPlace={onPlace}
      describe={describe}
    />
  );
}
