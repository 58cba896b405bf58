// Streets coloured by how far it is from each position on them: a line layer of our
// own in MapLibre's picture. A piece of street is four corners that the vertex shader
// puts up; the distance at the ends of its stretch lies in a texture, so that other
// distances are another texture and no other lines. What a position comes to is
// reckoned for each pixel, so that colours meet where classes do.

import type { CustomLayerInterface } from 'maplibre-gl';
import { metresPerPixel, zoomOf, type View } from '../lib/projection';
import { pieceSize, streetGroups, type StreetLayer } from '../lib/street-layer';
import { symbols } from './symbols';

const vertexShader = `#version 300 es
in vec4 piece;
in vec3 along;
in float stretch;
uniform vec2 origin;
uniform vec2 scale;
uniform vec2 size;
uniform float width;
uniform highp sampler2D distances;
out float at;
flat out vec3 ends;
void main() {
  float end = float(gl_VertexID & 1);
  float side = float(gl_VertexID >> 1) * 2.0 - 1.0;
  vec2 a = origin + piece.xy * scale;
  vec2 b = origin + piece.zw * scale;
  vec2 way = (b - a) * size;
  float length = max(length(way), 1e-6);
  vec2 across = vec2(-way.y, way.x) / length * width / size;
  gl_Position = vec4(mix(a, b, end) + across * side, 0.0, 1.0);
  at = mix(along.x, along.y, end);
  int texel = int(stretch);
  int columns = textureSize(distances, 0).x;
  ends = vec3(texelFetch(distances, ivec2(texel % columns, texel / columns), 0).xy, along.z);
}`;

const fragmentShader = `#version 300 es
precision highp float;
in float at;
flat in vec3 ends;
uniform vec3 breaks;
uniform vec4 colours[5];
uniform float metresPerPixel;
out vec4 colour;
void main() {
  float metres = min(ends.x + at, ends.y + ends.z - at);
  int group = metres <= breaks.x ? 0 : metres <= breaks.y ? 1 : metres <= breaks.z ? 2 : metres < 5e8 ? 3 : 4;
  // What fails is broken too: long, short and shortest strokes.
  float stroke = group < 2 ? 0.0 : group == 2 ? 12.0 : group == 3 ? 6.0 : 3.0;
  if (stroke > 0.0 && mod(at / metresPerPixel, stroke + 3.0) > stroke) discard;
  colour = colours[group];
}`;

/** So many stretches lie in a row of the texture. */
const columns = 2048;

const names = ['origin', 'scale', 'size', 'width', 'distances', 'breaks', 'colours', 'metresPerPixel'] as const;

interface Made {
  program: WebGLProgram;
  vertices: WebGLVertexArrayObject;
  buffer: WebGLBuffer;
  texture: WebGLTexture;
  places: Record<(typeof names)[number], WebGLUniformLocation | null>;
}

export const streetLayerId = 'coloured-streets';

/** The streets of a layer, drawn into MapLibre's picture as the view has them. */
export class StreetPaint implements CustomLayerInterface {
  readonly id = streetLayerId;
  readonly type = 'custom';
  readonly renderingMode = '2d';
  readonly #streets: StreetLayer;
  readonly #view: () => View;
  #made: Made | null = null;

  constructor(streets: StreetLayer, view: () => View) {
    this.#streets = streets;
    this.#view = view;
  }

  onAdd = (_: unknown, gl: WebGLRenderingContext | WebGL2RenderingContext): void => {
    if (!(gl instanceof WebGL2RenderingContext)) return;
    const program = linked(gl);
    const vertices = gl.createVertexArray();
    gl.bindVertexArray(vertices);
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, this.#streets.pieces, gl.STATIC_DRAW);
    const bytes = Float32Array.BYTES_PER_ELEMENT;
    for (const [name, count, first] of [['piece', 4, 0], ['along', 3, 4], ['stretch', 1, 7]] as const) {
      const place = gl.getAttribLocation(program, name);
      gl.enableVertexAttribArray(place);
      gl.vertexAttribPointer(place, count, gl.FLOAT, false, pieceSize * bytes, first * bytes);
      gl.vertexAttribDivisor(place, 1);
    }
    gl.bindVertexArray(null);
    const places = Object.fromEntries(names.map((name) => [name, gl.getUniformLocation(program, name)])) as Made['places'];
    this.#made = { program, vertices, buffer, texture: textureOf(gl, this.#streets.stretches), places };
  };

  onRemove = (_: unknown, gl: WebGLRenderingContext | WebGL2RenderingContext): void => {
    if (this.#made === null || !(gl instanceof WebGL2RenderingContext)) return;
    const { program, vertices, buffer, texture } = this.#made;
    gl.deleteProgram(program);
    gl.deleteVertexArray(vertices);
    gl.deleteBuffer(buffer);
    gl.deleteTexture(texture);
    this.#made = null;
  };

  render = (gl: WebGLRenderingContext | WebGL2RenderingContext): void => {
    if (this.#made === null || !(gl instanceof WebGL2RenderingContext)) return;
    const { program, vertices, texture, places } = this.#made;
    const { origin, breaks, pieces } = this.#streets;
    const view = this.#view();
    const { centre, scale, width, height } = view;
    const wide = (2 * scale) / width;
    const high = (-2 * scale) / height;
    gl.useProgram(program);
    gl.bindVertexArray(vertices);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.uniform1i(places.distances, 0);
    gl.uniform2f(places.scale, wide, high);
    gl.uniform2f(places.origin, (origin.x - centre.x) * wide, (origin.y - centre.y) * high);
    gl.uniform2f(places.size, width, height);
    gl.uniform1f(places.width, widthAt(zoomOf(view)));
    gl.uniform3f(places.breaks, breaks[0] ?? 0, breaks[1] ?? 0, breaks[2] ?? 0);
    gl.uniform1f(places.metresPerPixel, metresPerPixel(view));
    gl.uniform4fv(places.colours, streetGroups.flatMap((group) => [...channels(symbols[group].fill), 1]));
    gl.disable(gl.DEPTH_TEST);
    gl.disable(gl.STENCIL_TEST);
    gl.disable(gl.CULL_FACE);
    gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, pieces.length / pieceSize);
    gl.bindVertexArray(null);
  };
}

/** Pixels: a hair over a region, a band in a street. */
const widthAt = (zoom: number) => Math.min(7, Math.max(1.2, 1.2 * 1.5 ** (zoom - 10)));

function channels(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
}

function linked(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [[gl.VERTEX_SHADER, vertexShader], [gl.FRAGMENT_SHADER, fragmentShader]] as const) {
    const shader = gl.createShader(type);
    if (shader === null) throw new Error('the picture of the map was lost');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader); // with the program
  }
  gl.linkProgram(program);
  if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true && !gl.isContextLost()) {
    throw new Error(gl.getProgramInfoLog(program) ?? 'the streets cannot be coloured here');
  }
  return program;
}

/** Two distances a texel. */
function textureOf(gl: WebGL2RenderingContext, stretches: Float32Array): WebGLTexture {
  const rows = Math.max(1, Math.ceil(stretches.length / 2 / columns));
  const texels = new Float32Array(rows * columns * 2);
  texels.set(stretches);
  const texture = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, texture);
  gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RG32F, columns, rows, 0, gl.RG, gl.FLOAT, texels);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return texture;
}
