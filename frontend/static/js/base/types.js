/**
 * The shapes that pass between modules. No code.
 *
 * @typedef {{id: number, name: string, color: string}} ClassInfo  color is '#rrggbb'
 *
 * @typedef {{id: string, name: string, seed: number}} SceneInfo  A starter scene, first shown with that seed.
 *
 * @typedef {object} Capabilities  What a model can do.
 * @property {boolean} noise  another seed gives another picture
 * @property {boolean} regions  regions can have noise of their own
 * @property {boolean} segment  it turns photos into label maps
 * @property {boolean} inspect  its discriminator judges pictures
 *
 * @typedef {object} ModelLimits
 * @property {number} side  pixels of a map, a multiple of the stride
 * @property {number} channels  of the noise
 *
 * @typedef {object} Model  One entry of `GET api/models`.
 * @property {string} id
 * @property {string} name
 * @property {string} family
 * @property {string} version
 * @property {[number, number]} native_size  height, width
 * @property {number} stride  sides of maps are multiples of it
 * @property {ClassInfo[]} classes
 * @property {number|null} ignore_id
 * @property {string|null} [hash]  of its networks
 * @property {Capabilities} capabilities
 * @property {ModelLimits} limits
 * @property {SceneInfo[]} scenes  the first is the one to open with
 * @property {boolean} available
 * @property {string|null} reason  why it is not available, fit for people
 *
 * @typedef {object} Blend  A step of a noise vector toward another one, along the sphere.
 * @property {number} [seed]  toward the vector of this seed; toward the picture's global one if missing
 * @property {number} t  share of the way, 0..1
 * @property {readonly number[]} [channels]  only these move, if given: 0..63
 *
 * @typedef {{seed: number, blend?: readonly Blend[]}} NoiseVector  A noise vector: of a seed 0..2^32-1, moved in turn.
 *
 * @typedef {object} OwnNoise  What a region has beside its draw.
 * @property {number} id  1..255, its value in the region map
 * @property {number|null} classId  the class it was made from, or null when it was brushed
 * @property {string} [name]  given by the person
 * @property {boolean} [locked]  re-rolling everything leaves it alone
 * @property {boolean} [plain]  its pixels had the noise of everything when they were locked: no edit that shows in a kept photo
 * @property {number} [feather]  pixels inside its edge over which it becomes the global noise
 * @property {readonly number[]} [channels]  only these come from its draw, the others from the global one
 *
 * @typedef {NoiseVector & OwnNoise} NoiseRegion  A part of the picture with a noise of its own.
 *
 * @typedef {NoiseVector & {regions: readonly NoiseRegion[]}} Noise
 *
 * @typedef {object} FrozenPixels  Pixels that new pictures leave as they are.
 * @property {ImageData} picture  what was on screen
 * @property {Uint8Array} mask  1 where new pictures show, 0 where the frozen pixels stay
 *
 * @typedef {object} Photo  A photo that was segmented, in pixels of the map; never changed in place.
 * @property {ImageData} picture
 * @property {Labels} labels  as they were segmented, or mended since
 * @property {Uint8Array} confidence  of each of them, 0..255
 * @property {boolean} shown  it is on screen, except where labels or noise regions were changed since
 *
 * @typedef {Uint8Array|Uint16Array} Labels  Class ids, row after row; 16 bits for models of more than 256 classes.
 *
 * @typedef {{width: number, height: number, labels: Labels}} LabelMap
 *
 * @typedef {object} Content  What a picture is painted from.
 * @property {number} width
 * @property {Labels} labels
 * @property {Uint8Array} regions
 * @property {Noise} noise
 *
 * @typedef {object} Snapshot  All that an undo step can change.
 * @property {number} width
 * @property {number} height
 * @property {Labels} labels
 * @property {Uint8Array} regions
 * @property {Noise} noise
 * @property {FrozenPixels|null} frozen
 * @property {Photo|null} photo
 * @property {number} version  equal versions have equal content
 *
 * @typedef {object} ProjectInfo  What a document is as a project.
 * @property {string} name  '' until the person gives one
 * @property {string|null} link  id of the shared copy
 * @property {number} saved  the version that is in a file or in the shared copy, -1 for none
 * @property {readonly KeyFrame[]} keyFrames  of its timeline
 * @typedef {{snapshot: Snapshot, picture: ImageData}} KeyFrame  of a timeline: the work as it was, and what was on screen
 *
 * @typedef {object} TimelineState
 * @property {boolean} open
 * @property {readonly KeyFrame[]} keyFrames
 * @property {number} frames  from the first key frame to the last; 0 as long as nothing can be shown
 * @property {number|null} frame  on screen instead of the work
 * @property {boolean} playing
 * @property {number|null} written  share of a file that is being written
 * @property {number} seconds  from key frame to key frame
 * @property {number} fps
 * @property {boolean} loop  from the last key frame to the first
 * @property {boolean} smooth  slow at the key frames, else steady
 * @property {boolean} regionOnly  only the active region's noise moves
 *
 * @typedef {object} RoundTrip  An edit's way to the server and back: moments of `performance.now()`.
 * @property {number} wanted
 * @property {number} begun  to be packed: the request before was answered
 * @property {number} sent
 * @property {number} received
 * @property {number} decoded
 * @property {Record<string, number>} server  milliseconds its parts took
 *
 * @typedef {{x: number, y: number}} Point  in pixels of the label map, not rounded
 *
 * @typedef {import('../tools/tools.js').ToolId} ToolId
 * @typedef {{mask: Uint8Array, path: Path2D, width: number}} Selection  1 on the selected pixels; the outline around them; of the map
 * @typedef {'split'|'overlay'|'labels'|'photo'|'compare'} Layout
 * @typedef {'labels'|'regions'|'underlay'} LayerId
 * @typedef {{visible: boolean, opacity: number}} Layer  opacity 0..1; of the labels it counts over a picture only
 * @typedef {'none'|'change'|'realism'|'fidelity'|'confidence'} Overlay
 * @typedef {'connecting'|'ready'|'painting'|'paused'|'offline'} Connection
 *
 * @typedef {object} ToolState  The current tool and the options of all tools.
 * @property {ToolId} tool
 * @property {number} size  brush diameter in pixels of the label map
 * @property {boolean} square  the brush is not round
 * @property {boolean} pressure  a pen's pressure makes the brush smaller
 * @property {boolean} pen  one has been seen
 * @property {boolean} fingerPans  one finger moves the view and does not paint
 * @property {boolean} mirrorX  what is painted left is painted right
 * @property {boolean} mirrorY  and above, below
 * @property {number} gap  gaps of so many pixels in an outline do not let a fill out
 *
 * @typedef {object} ClassState  The list of classes.
 * @property {number} classId
 * @property {readonly (number|null)[]} pins  class ids on the keys 1 to 9
 * @property {readonly number[]} locked  classes that are not painted over
 * @property {readonly number[]} hidden  classes that are not shown
 * @property {'own'|'safe'|'custom'} scheme  of the classes
 * @property {readonly string[]} colors  by class id, '#rrggbb': what the classes are shown in
 * @property {boolean} usedFirst  the list of classes begins with those on the map
 *
 * @typedef {object} MarkState  What tools draw over the panes.
 * @property {Selection|null} selection
 * @property {Path2D|null} band  the outline that a tool is drawing
 * @property {Point|null} caret  the keyboard's cursor on the map
 * @property {Path2D|null} guide  what a tool draws over the panes while it is used, in pixels of the map
 *
 * @typedef {object} RerollState  How the noise changes.
 * @property {number|null} regionId  the active noise region
 * @property {boolean} subtract  the noise brush takes away instead of adding
 * @property {boolean} keepOutside
 * @property {number} strength  of re-rolls: how far the noise moves, 0.01..1
 * @property {readonly number[]|null} channels  of the noise that re-rolls change, 0..63; null: all
 *
 * @typedef {object} ViewState  What is looked at, and how.
 * @property {Layout} layout
 * @property {Record<LayerId, Layer>} layers
 * @property {Overlay} overlay  the heat map over a pane
 * @property {ImageBitmap|null} underlay  a reference photo below the labels, stretched over the map
 * @property {boolean} before  the picture before the last step is shown, as long as a key is held
 * @property {number} zoom  1 fits the pane
 * @property {number} doubt  labels of less confidence are shaded, 0..1
 * @property {{at: number, part: boolean}|null} fix  the object at this pixel shall get another class, or only what is unsure of it
 *
 * @typedef {object} DocState  What the page shows of the document.
 * @property {Noise} noise
 * @property {ProjectInfo} about  the document as a project
 * @property {Photo|null} photo  of the document
 * @property {number} width  of the document
 * @property {number} height
 * @property {number} version  of the document
 * @property {string|null} undoName
 * @property {string|null} redoName
 * @property {boolean} stroking
 *
 * @typedef {object} LiveState  Live painting.
 * @property {Connection} connection
 * @property {number|null} latency  milliseconds from request to picture
 * @property {boolean} paused  nothing is sent to be painted
 * @property {number} shown  version that the photo on screen answers
 *
 * @typedef {object} State  Everything the page shows, except the pixels: values, and groups of them.
 * @property {readonly Model[]} models
 * @property {Model|null} model
 * @property {ToolState} tools
 * @property {ClassState} classes
 * @property {MarkState} marks
 * @property {RerollState} reroll
 * @property {ViewState} view
 * @property {DocState} doc
 * @property {LiveState} live
 * @property {TimelineState} timeline
 * @property {number} sharing  bytes that a shared project may have, 0 where the server shares none
 * @property {{custom: Shortcuts}} shortcuts
 *
 * @typedef {Readonly<Record<string, string>>} Shortcuts  Keys that a person chose, by the id of the action; '' for none.
 *
 * @typedef {object} Action  What a button, a key and the command list do.
 * @property {string} id  stored with a person's shortcuts: it never changes
 * @property {string} name  for people: tooltip, accessible name, shortcut sheet
 * @property {string} group  in the shortcut sheet
 * @property {string} [key]  'B', 'Shift+R', 'Ctrl+Z', '['
 * @property {string} [icon]  a symbol of the page's sprite
 * @property {(state: State) => boolean} [enabled]
 * @property {(state: State) => string|null} [obstacle]  why it is not enabled, where that needs saying
 * @property {(state: State) => boolean} [pressed]  for actions that are switched on
 * @property {() => void|Promise<void>} perform
 * @property {() => void} [release]  of an action that lasts as long as its key or button is held
 *
 * @typedef {{width: number, height: number}} Size
 *
 * @typedef {object} Pane  A view of the map: of labels or of the picture.
 * @property {HTMLElement} element
 * @property {Size} box  of the element, in CSS pixels
 * @property {Size} map
 * @property {View} view
 * @property {(at: Point) => Point} toMap  from CSS pixels of the pane to pixels of the map
 * @property {(at: Point|null) => void} hover  the pointer is there
 * @property {(canvas: HTMLCanvasElement) => void} add  adds a canvas of the map's size
 *
 * @typedef {object} View  The part of the map that all panes show.
 * @property {(pane: Size, map: Size) => {scale: number, left: number, top: number}} place
 * @property {(factor: number, at: Point, pane: Size, map: Size) => void} zoomAt
 * @property {(dx: number, dy: number, pane: Size, map: Size) => void} pan
 *
 * @typedef {object} Stage  The panes.
 * @property {Pane} left
 * @property {Pane} right
 * @property {readonly Pane[]} panes
 * @property {Point|null} pointer  in pixels of the map
 * @property {(pixels: ImageData|null, over?: 'photo'|'labels') => void} showOverlay  a heat map over a pane; null removes it
 *
 * @typedef {{starts: Uint32Array, ends: Uint32Array, bits: Labels}} Delta  The difference of two maps: maps/delta.js.
 *
 * @typedef {object} Step  One undoable step, holding the *other* side of the change: exchanging it with the document
 * undoes it, exchanging it again redoes it.
 * @property {string} name
 * @property {{width: number, height: number, labels: Labels, regions: Uint8Array}|null} whole  maps of another size
 * @property {Delta|null} labels
 * @property {Delta|null} regions
 * @property {Noise} noise
 * @property {FrozenPixels|null} frozen
 * @property {Photo|null} photo
 * @property {number} version
 *
 * @typedef {Pick<Model, 'id'|'name'|'version'|'classes'|'ignore_id'> & {hash?: string|null}} MadeWith  A model, as a project names it.
 *
 * @typedef {object} Project
 * @property {string} name
 * @property {string|null} link  id of the shared copy
 * @property {MadeWith} model
 * @property {Snapshot} snapshot
 * @property {{done: readonly Step[], undone: readonly Step[]}} steps
 * @property {readonly KeyFrame[]} keyFrames  of the timeline
 * @property {ImageBitmap|null} underlay
 * @property {string|null} [note]  what of it could not be read as it was
 * @property {{noise: Noise|object, regions: Uint8Array}|null} [sent]  what the server is told
 * @property {ImageData|null} picture  that answers the snapshot
 * @property {ImageData|null} [rendered]  the same, before old pixels were kept
 */

export {};
