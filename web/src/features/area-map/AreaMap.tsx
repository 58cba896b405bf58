import { useCallback, useMemo, type ReactNode } from 'react';
import type { RankingQuestion } from '../../api/queries';
import type { Effect } from '../../api/types';
import { Failure } from '../../components/Failure';
import { Loading } from '../../components/Loading';
import { StateMark } from '../../components/StateMark';
import { rootOf } from '../../lib/areas';
import type { MapPlace } from '../../lib/url-state';
import { codeText } from '../../locales/codes';
import { StreetMap } from '../../map/StreetMap';
import { useGround } from '../place-map/useGround';
import type { Shell } from '../shell/shell';
import { useTexts } from '../texts';
import { AreaLegend } from './AreaLegend';
import { useAreaLayer } from './useAreaLayer';

interface Props {
  question: RankingQuestion;
  title: string;
  shell: Shell;
  /** What a trial changes; the areas are shown as it leaves them. */
  effects?: readonly Effect[];
  /** What stands below the legend. */
  foot?: ReactNode;
  children?: ReactNode;
}

const nothing = () => undefined;
const noPoints: never[] = [];
const noEffects: readonly Effect[] = [];

/** More areas of a level than this are a carpet, and no map. */
const mostAreas = 400;

/** The areas below, coloured by how far they keep a promise; a click leads to one of them. */
export function AreaMap({ question, title, shell, effects = noEffects, foot, children }: Props) {
  const { t, name, value, unitOf, error: errorText } = useTexts();
  const { state, areas, go } = shell;
  const layer = useAreaLayer(question, effects);
  const { ground } = useGround(rootOf(areas, question.area));
  const onPlace = useCallback((map: MapPlace | null) => { go({ map }, 'replace'); }, [go]);
  const { shapes, extent } = layer.ground;
  // The fills are made with each drawing; the map is drawn again when they say something else.
  const fills = JSON.stringify([...layer.fillOf]);
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the text stands for the map it is made of
  const painted = useMemo(() => ({ shapes, extent, fillOf: layer.fillOf }), [shapes, extent, fills]);
  const ranking = layer.ranking.data;
  const failed = layer.ranking.error ?? layer.outlines.error;
  const describe = (code: string) => {
    const result = layer.resultOf.get(code);
    if (result === undefined) return null;
    return (
      <>
        <b>{name(result.area_name)}</b>
        <span>
          {result.value === null ? t('legend.no_data') : `${value(result)} ${unitOf(result)}`}
        </span>
        <StateMark state={result.state} label={codeText(t, 'state', result.state)} />
        <span className="muted">{t('areaMap.open')}</span>
      </>
    );
  };
  if (failed !== null) {
    return <Failure message={errorText(failed)} retryLabel={t('status.retry')} onRetry={() => { void layer.ranking.refetch(); void layer.outlines.refetch(); }} />;
  }
  if (ranking === undefined) return <Loading label={t('status.loading')} />;
  const levels = ranking.levels.filter(({ areas: count }) => count <= mostAreas);
  const undrawn = layer.outlines.data === undefined ? 0 : layer.results.filter(({ area }) => !shapes.some(({ code }) => code === area)).length;
  return (
    <section className="card map-card" aria-label={t('areaMap.title')}>
      <div className="map-choices">
        {children}
        {levels.length > 1 && (
          <label className="inline">
            <span>{t('areaMap.level')}</span>
            <select name="level" value={ranking.level ?? ''} onChange={(event) => { go({ level: event.target.value, map: null }); }}>
              {levels.map(({ level, areas: count }) => (
                <option key={level} value={level}>
                  {t('areaMap.levelOf', { level: codeText(t, 'level', level), count })}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {layer.results.length === 0 && <p className="muted">{t('areaMap.none')}</p>}
      {shapes.length > 0 && (
        <StreetMap
          label={t('areaMap.label', { indicator: title })}
          ground={ground}
          surface={null}
          points={noPoints}
          facilities={noPoints}
          areas={painted}
          selected=""
          onSelect={(area) => { if (area !== '') go({ area }); }}
          picking={false}
          candidate={null}
          onPick={nothing}
          place={state.map}
          onPlace={onPlace}
          describe={describe}
        />
      )}
      {layer.results.length > 0 && <AreaLegend ranking={ranking} counts={layer.counts} unit={layer.results[0] ? unitOf(layer.results[0]) : ''} />}
      {layer.notes.map((note) => <p key={note} className="muted">{note}</p>)}
      {undrawn > 0 && <p className="muted">{t('areaMap.undrawn', { count: undrawn })}</p>}
      {layer.results.length > 0 && foot}
    </section>
  );
}
