import type { ComponentProps, ReactNode } from 'react';
import type { Effect, Result } from '../../api/types';
import { StepLink } from '../../components/StepLink';
import { titleOf } from '../detail/question';
import { hasWebGL } from '../../map/maplibre';
import { PlaceMap } from '../place-map/PlaceMap';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { AreaMap } from './AreaMap';
import { MapSaves } from './MapSaves';

interface Props extends Omit<ComponentProps<typeof PlaceMap>, 'title' | 'children' | 'foot'> {
  result: Result;
  shell: Shell;
  /** What a trial changes in the areas. */
  effects?: readonly Effect[];
  children?: ReactNode;
}

const layers = ['people', 'streets', 'areas'] as const;

/** The map of a promise: who is served where they live, or the areas below by their values. */
export function PromiseMap({ result, effects, children, ...props }: Props) {
  const { t, name } = useTexts();
  const { question, shell } = props;
  const { state, areas, go, linkTo } = shell;
  const atPeople = result.register === 'population_point';
  const parted = areas.some(({ parent }) => parent === question.area);
  // The streets are coloured by MapLibre alone; the table below says the same.
  const offered = layers.filter((layer) => layer === 'people' || (layer === 'streets' ? hasWebGL() : parted));
  const shown = atPeople ? (offered.find((layer) => layer === state.layer) ?? 'people') : 'areas';
  const choice = atPeople && offered.length > 1 && (
    <nav aria-label={[t('areaMap.layers'), props.label].filter(Boolean).join(' ')} className="switch">
      {offered.map((layer) => {
        // The streets are looked at where the people were.
        const step = { layer: layer === 'people' ? '' : layer, ...(layer === 'areas' || shown === 'areas' ? { map: null } : {}) };
        return (
          <StepLink key={layer} href={linkTo(step)} onFollow={() => { go(step); }} current={layer === shown}>
            {t(`areaMap.layer.${layer}`)}
          </StepLink>
        );
      })}
    </nav>
  );
  if (shown !== 'areas') {
    return (
      <PlaceMap {...props} coloured={shown === 'streets'} title={titleOf(result, name)} foot={shown === 'people' && <MapSaves question={question} layer="people" level="" />}>
        {children}
        {choice}
      </PlaceMap>
    );
  }
  if (!parted) return atPeople ? null : <p className="muted">{t('detail.noMap')}</p>;
  const { indicator, area, period, variant } = question;
  return (
    <AreaMap
      question={{ indicator, area, period, variant, level: state.level }}
      foot={<MapSaves question={question} layer="areas" level={state.level} />}
      title={titleOf(result, name)} shell={shell} {...(effects ? { effects } : {})}>
      {children}
      {choice}
    </AreaMap>
  );
}
