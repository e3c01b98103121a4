// Keypoints and pupils of a message, drawn over a picture where the page has one.

const BASE_OF = "base message";
const FACE_OF = "enhances";

/** The message that another refers to for a reason. */
const referred = (message, why) =>
  (store.messages.refers.get(message) ?? []).find(([reason]) => store.tables.reasons[reason] === why)?.[1];

/** The pictures that go with a message: a title, an address, and the message whose keypoints belong to it. */
function picturesFor(message) {
  const found = [];
  const face = store.messages.type[message] === GFVE ? referred(message, FACE_OF) ?? message : message;
  const base = has(face, FLAGS.base) ? face : referred(face, BASE_OF);
  const { id, cnt } = store.messages;
  const add = (title, key, of) => {
    const address = pictureAddress(key);
    if (address && !found.some((picture) => picture.address === address)) found.push({ title, address, of });
  };
  add("generated", `generated/${auOf(face)}/${id[face]?.[0]}/${cnt[face]}`, face);
  if (base !== undefined) add(base === face ? "base picture" : "base picture, then and now", `decoded/${auOf(base)}`, base);
  add("decoded picture", `decoded/${auOf(face)}`, face);
  return { pictures: found, face, base };
}

/** Keypoints [[x, y], ...] and pupils [[x, y], ...] of a message, from its values. */
async function pointsOf(message) {
  if (message === undefined || store.messages.layout[message] < 0) return { keypoints: [], pupils: [] };
  const values = await valuesOf(message);
  const found = { keypoints: [], pupils: [] };
  let at = 0;
  for (const [kind, ...sizes] of store.tables.layouts[store.messages.layout[message]]) {
    if (kind === "coordinates") {
      const [axes, count] = sizes;
      for (let i = 0; i < count && at + count + i < values.length; i++) found.keypoints.push([values[at + i], values[at + count + i]]);
      at += axes * count;
    } else if (kind === "matrices") at += sizes[1] * sizes[2] * sizes[3];
    else {
      if (at + 4 <= values.length) found.pupils.push([values[at], values[at + 1]], [values[at + 2], values[at + 3]]);
      at += 4;
    }
  }
  return found;
}

/** A figure with the points of a message; null if it has none. */
async function faceFigure(message) {
  const { pictures, face, base } = picturesFor(message);
  const own = await pointsOf(message);
  const ofFace = face === message ? own : await pointsOf(face);
  const now = { keypoints: own.keypoints.length ? own.keypoints : ofFace.keypoints, pupils: own.pupils };
  if (!now.keypoints.length && !now.pupils.length && !pictures.length) return null;
  const then = base !== undefined && base !== face ? await pointsOf(base) : { keypoints: [], pupils: [] };
  const canvas = el("canvas", { className: "face" });
  const caption = el("figcaption");
  let shown = pictures[0] ?? { title: "no picture", address: null };
  const show = async (picture) => {
    shown = picture;
    const image = picture.address ? await loaded(picture.address) : null;
    const moved = picture.of !== undefined && picture.of !== face;
    drawFace(canvas, image, now, moved || !image ? then : { keypoints: [], pupils: [] });
    for (const button of caption.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.picture === shown));
  };
  for (const picture of pictures) {
    const button = el("button", { type: "button", onclick: () => show(picture) }, picture.title);
    button.picture = picture;
    caption.append(button);
  }
  if (!pictures.length) caption.append("keypoints; the page has no picture of this message");
  const figure = el("figure", { className: "face-box" }, canvas, caption);
  figure.redraw = () => show(shown);
  // The canvas has no size before it is in the document.
  requestAnimationFrame(() => show(shown));
  return figure;
}

function loaded(address) {
  const image = new Image();
  image.src = address;
  return image.decode().then(() => image, () => null);
}

function drawFace(canvas, image, now, then) {
  const side = window.matchMedia("(max-width: 1240px)").matches ? 240 : 300; // as .face-box of the style sheet
  const scale = image ? side / Math.max(image.naturalWidth, image.naturalHeight) : 1;
  canvas.style.width = `${image ? image.naturalWidth * scale : side}px`;
  canvas.style.height = `${image ? image.naturalHeight * scale : side}px`;
  const { context, width, height } = prepared(canvas);
  const place = ([x, y]) => [((x + 1) / 2) * width, ((y + 1) / 2) * height];
  if (image) context.drawImage(image, 0, 0, width, height);
  else grid(context, width, height);
  const light = image || colours.dark ? "#fff" : "#1d1f21";
  const halo = image ? "rgba(0,0,0,.65)" : "transparent";
  then.keypoints.slice(0, now.keypoints.length).forEach((before, i) => {
    const [x0, y0] = place(before);
    const [x1, y1] = place(now.keypoints[i]);
    stroke(context, halo, 3, () => { context.moveTo(x0, y0); context.lineTo(x1, y1); });
    stroke(context, light, 1, () => { context.moveTo(x0, y0); context.lineTo(x1, y1); });
    stroke(context, light, 1, () => context.arc(x0, y0, 2.5, 0, 7));
  });
  now.keypoints.forEach((point, i) => {
    const [x, y] = place(point);
    const colour = `hsl(${(210 + (i * 330) / now.keypoints.length) % 360} 75% 62%)`;
    context.fillStyle = halo;
    dot(context, x, y, 4.5);
    context.fillStyle = colour;
    dot(context, x, y, 3.2);
    if (now.keypoints.length <= 32) {
      context.font = "600 10px system-ui, sans-serif";
      const right = x > width - 20;
      context.textAlign = right ? "right" : "left";
      context.textBaseline = "alphabetic";
      const at = [right ? x - 5 : x + 5, y < 14 ? y + 12 : y - 4];
      context.lineWidth = 2.5;
      context.strokeStyle = image ? "rgba(0,0,0,.7)" : colours.panel;
      context.strokeText(String(i), ...at);
      context.fillStyle = light;
      context.fillText(String(i), ...at);
    }
  });
  for (const point of now.pupils) {
    const [x, y] = place(point);
    const cross = () => { context.moveTo(x - 6, y); context.lineTo(x + 6, y); context.moveTo(x, y - 6); context.lineTo(x, y + 6); };
    stroke(context, halo, 4, cross);
    stroke(context, colours.sei, 1.6, cross);
  }
}

function stroke(context, colour, wide, path) {
  context.strokeStyle = colour;
  context.lineWidth = wide;
  context.beginPath();
  path();
  context.stroke();
}

function dot(context, x, y, radius) {
  context.beginPath();
  context.arc(x, y, radius, 0, 7);
  context.fill();
}

/** Where there is no picture: the plane from -1 to 1. */
function grid(context, width, height) {
  for (let i = 0; i <= 4; i++) {
    const middle = i === 2;
    const x = Math.min(width - 0.5, (i * width) / 4 + 0.5);
    const y = Math.min(height - 0.5, (i * height) / 4 + 0.5);
    stroke(context, middle ? colours.soft : colours.line, 1, () => {
      context.moveTo(x, 0);
      context.lineTo(x, height);
      context.moveTo(0, y);
      context.lineTo(width, y);
    });
  }
}
