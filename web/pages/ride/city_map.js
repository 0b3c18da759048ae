// The map as one component: Leaflet from the NiceGUI package, our own drawing. Without tiles it is a calm chart of
// the city; with tiles they lie beneath. Everything shown comes in as props, everything done goes out as events.
import { leaflet as L } from "nicegui-leaflet";

const ICONS = { scooter: "electric_scooter", bike: "pedal_bike", car: "directions_car", van: "airport_shuttle" };
const NEAR_ZOOM = 15;
const NAME_ZOOM = 13;
const SPLIT_ZOOM = 18;
const TOGETHER_PX = 30;
const NAME_SPOTS_PX = [17, -32, 30, -46];

function glyph(name) {
  const span = document.createElement("span");
  span.className = "icon";
  span.textContent = name;
  span.setAttribute("aria-hidden", "true");
  return span;
}

function pin(vehicle, classes) {
  const box = document.createElement("div");
  box.className = `pin tone-${vehicle.type} ${classes}`;
  box.append(glyph(ICONS[vehicle.type] || "place"));
  return L.divIcon({ html: box, className: "pin-holder", iconSize: [34, 34], iconAnchor: [17, 17] });
}

function crowd(count) {
  const box = document.createElement("div");
  box.className = count > 9 ? "crowd crowd-big" : "crowd";
  box.textContent = count;
  return L.divIcon({ html: box, className: "pin-holder", iconSize: [36, 36], iconAnchor: [18, 18] });
}

export default {
  template: `<div class="city-map" role="application" :aria-label="label"></div>`,
  props: {
    resourcePath: String,
    label: String,
    center: Array,
    zoom: Number,
    tilesUrl: String,
    scene: Object,
    vehicles: Array,
    mine: Array,
    selected: String,
    me: Array,
  },
  async mounted() {
    await this.$nextTick();
    const sheet = `${window.path_prefix || ""}${this.resourcePath}/leaflet/leaflet.css`;
    if (!document.querySelector(`link[href="${sheet}"]`)) {
      const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: sheet });
      document.head.prepend(link);
      await new Promise((done) => (link.onload = link.onerror = done));
    }
    this.map = L.map(this.$el, {
      center: this.center, zoom: this.zoom, zoomControl: false, minZoom: 10, maxZoom: 18, attributionControl: !!this.tilesUrl,
    });
    L.control.zoom({ position: "topright" }).addTo(this.map);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(this.map);
    if (this.tilesUrl) L.tileLayer(this.tilesUrl, { maxZoom: 19, attribution: "&copy; OpenStreetMap" }).addTo(this.map);
    for (const name of ["ground", "bays", "names", "fleet", "self"]) this[name] = L.layerGroup().addTo(this.map);
    this.pins = new Map();
    this.map.on("zoomend", () => {
      this.grade();
      this.drawFleet();
    });
    this.map.on("click", () => this.$emit("nothing"));
    this.drawScene();
    this.drawFleet();
    this.drawMe();
    this.grade();
    this.watcher = new ResizeObserver(() => this.map.invalidateSize({ pan: true, animate: false }));
    this.watcher.observe(this.$el);
    this.$el.dataset.ready = "true";
  },
  unmounted() {
    this.watcher?.disconnect();
    this.map?.remove();
  },
  watch: {
    scene() { this.drawScene(); },
    vehicles() { this.drawFleet(); },
    mine() { this.drawFleet(); },
    selected() { this.drawFleet(); },
    me() { this.drawMe(); },
  },
  methods: {
    grade() {
      const zoom = this.map.getZoom();
      this.$el.classList.toggle("is-near", zoom >= NEAR_ZOOM);
      this.$el.classList.toggle("has-names", zoom >= NAME_ZOOM);
    },
    declutter() {
      const pins = [...this.$el.querySelectorAll(".pin, .crowd")].map((pin) => pin.getBoundingClientRect());
      const taken = [];
      const hits = (box, boxes, gap) =>
        boxes.some((t) => box.left < t.right + gap && box.right > t.left - gap && box.top < t.bottom && box.bottom > t.top);
      for (const name of this.$el.querySelectorAll(".place-name")) {
        const free = NAME_SPOTS_PX.find((below) => {
          name.style.transform = `translate(-50%, ${below}px)`;
          const box = name.getBoundingClientRect();
          return !hits(box, pins, 0) && !hits(box, taken, 8);
        });
        if (free === undefined) name.style.transform = `translate(-50%, ${NAME_SPOTS_PX[0]}px)`;
        const box = name.getBoundingClientRect();
        const crossed = hits(box, taken, 8);
        name.style.visibility = crossed ? "hidden" : "";
        if (!crossed && box.width) taken.push(box);
      }
    },
    drawScene() {
      if (!this.map || !this.scene) return;
      for (const layer of [this.ground, this.bays, this.names]) layer.clearLayers();
      const flat = { interactive: false, smoothFactor: 1 };
      if (!this.tilesUrl && this.scene.outline?.length)
        L.polygon(this.scene.outline, { ...flat, className: "land" }).addTo(this.ground);
      if (!this.tilesUrl)
        for (const ring of this.scene.rings || [])
          L.circle(this.center, { ...flat, radius: ring, className: "ring", fill: false }).addTo(this.ground);
      for (const zone of this.scene.zones || [])
        L.polygon(zone.ring, { className: `zone zone-${zone.rule}` })
          .bindTooltip(zone.words, { sticky: true, className: "tip" }).addTo(this.ground);
      for (const bay of this.scene.bays || []) {
        const box = document.createElement("div");
        box.className = bay.charger ? "bay bay-charger" : "bay";
        box.textContent = "P";
        const icon = L.divIcon({ html: box, className: "pin-holder", iconSize: [20, 20], iconAnchor: [10, 10] });
        L.marker([bay.lat, bay.lon], { icon, keyboard: false, zIndexOffset: -400 })
          .bindTooltip(bay.words, { direction: "top", offset: [0, -10], className: "tip" }).addTo(this.bays);
      }
      for (const place of this.scene.places || []) {
        const box = document.createElement("div");
        box.className = "place-name";
        box.textContent = place.name;
        const icon = L.divIcon({ html: box, className: "pin-holder", iconSize: [0, 0] });
        L.marker([place.lat, place.lon], { icon, keyboard: false, interactive: false, zIndexOffset: 500 }).addTo(this.names);
      }
      this.declutter();
    },
    drawFleet() {
      if (!this.map) return;
      this.fleet.clearLayers();
      this.pins.clear();
      const own = new Set((this.mine || []).map((vehicle) => vehicle.id));
      const others = (this.vehicles || []).filter((vehicle) => !own.has(vehicle.id));
      for (const group of this.gather(others)) {
        if (group.length === 1) this.put(group[0], "");
        else this.putCrowd(group);
      }
      for (const vehicle of this.mine || []) this.put(vehicle, "pin-mine");
      this.mark(this.selected);
      this.declutter();
    },
    gather(vehicles) {
      const zoom = this.map.getZoom();
      const groups = [];
      for (const vehicle of vehicles) {
        const at = this.map.project([vehicle.lat, vehicle.lon], zoom);
        const alone = zoom >= SPLIT_ZOOM || vehicle.id === this.selected;
        const near = alone ? null : groups.find((group) => group.at && group.at.distanceTo(at) < TOGETHER_PX);
        if (near) near.push(vehicle);
        else groups.push(Object.assign([vehicle], { at: alone ? null : at }));
      }
      return groups;
    },
    putCrowd(group) {
      const bounds = L.latLngBounds(group.map((vehicle) => [vehicle.lat, vehicle.lon]));
      const marker = L.marker(bounds.getCenter(), { icon: crowd(group.length), keyboard: false });
      marker.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        this.map.fitBounds(bounds.pad(0.4), { maxZoom: Math.min(SPLIT_ZOOM, Math.max(this.map.getZoom() + 2, NEAR_ZOOM)) });
      });
      marker.addTo(this.fleet);
    },
    put(vehicle, classes) {
      const marker = L.marker([vehicle.lat, vehicle.lon], {
        icon: pin(vehicle, classes), keyboard: false, zIndexOffset: classes ? 800 : 0,
      });
      marker.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        this.$emit("vehicle", vehicle.id);
      });
      marker.addTo(this.fleet);
      this.pins.set(vehicle.id, marker);
    },
    mark(id) {
      const marker = id && this.pins.get(id);
      if (!marker) return;
      marker.getElement()?.firstElementChild?.classList.add("pin-chosen");
      marker.setZIndexOffset(1000);
    },
    drawMe() {
      if (!this.map) return;
      this.self.clearLayers();
      if (!this.me?.length) return;
      const icon = L.divIcon({ html: "<div class='me'></div>", className: "pin-holder", iconSize: [22, 22], iconAnchor: [11, 11] });
      L.marker(this.me, { icon, keyboard: false, interactive: false }).addTo(this.self);
      this.map.setView(this.me, Math.max(this.map.getZoom(), NEAR_ZOOM));
    },
    look_at(lat, lon) {
      if (this.map) this.map.setView([lat, lon], Math.max(this.map.getZoom(), NEAR_ZOOM));
    },
  },
};
