/**
 * Types that several modules share. No code.
 *
 * @typedef {{id: number, name: string, color: string}} ClassInfo  color is '#rrggbb'
 *
 * @typedef {{id: string, name: string, seed: number}} SceneInfo  A starter scene, and the seed it opens with.
 *
 * @typedef {object} Capabilities  What a model can do.
 * @property {boolean} noise  the seed changes the picture
 * @property {boolean} regions  regions can have noise of their own
 * @property {boolean} segment  it can segment photos
 * @property {boolean} inspect  its discriminator judges pictures
 *
 * @typedef {object} ModelLimits
 * @property {number} side  the longest side of a map in pixels, a multiple of the stride
 * @property {number} channels  of the noise
 *
 * @typedef {object} Model  One entry of `GET api/models`.
 * @property {string} id
 * @property {string} name
 * @property {string} family
 * @property {string} version
 * @property {[number, number]} native_size  height, width
 * @property {number} stride  sides of maps must be multiples of it
 * @property {ClassInfo[]} classes
 * @property {number|null} ignore_id
 * @property {string|null} [hash]  of its weights
 * @property {Capabilities} capabilities
 * @property {ModelLimits} limits
 * @property {SceneInfo[]} scenes  it opens with the first
 * @property {boolean} available
 * @property {string|null} reason  why it is not available, for display
 *
 * @typedef {object} Blend  Moves a noise vector toward another one, along the sphere.
 * @property {number} [seed]  of the other vector; without it, the global vector of the picture
 * @property {number} t  share of the way, 0..1
 * @property {readonly number[]} [channels]  the channels that move, 0..63; all if missing
 *
 * @typedef {{seed: number, blend?: readonly Blend[]}} NoiseVector  The vector of a seed 0..2^32-1, with blends applied in order.
 *
 * @typedef {object} RegionInfo  The properties of a region besides its noise vector.
 * @property {number} id  1..255, its value in the region map
 * @property {number|null} classId  the class it was made from, null if it was painted
 * @property {string} [name]  given by the user
 * @property {boolean} [locked]  re-rolls do not change it
 * @property {boolean} [plain]  it has the global noise it had when it was locked, so it does not count as an edit of a photo
 * @property {number} [feather]  pixels inside its edge over which its noise blends into the global noise
 * @property {readonly number[]} [channels]  the channels taken from its vector; the others are global
 *
 * @typedef {NoiseVector & RegionInfo} NoiseRegion  A part of the picture with its own noise.
 *
 * @typedef {NoiseVector & {regions: readonly NoiseRegion[]}} Noise
 *
 * @typedef {object} FrozenPixels  Pixels that new pictures leave as they are.
 * @property {ImageData} picture  the pixels
 * @property {Uint8Array} mask  1 where new pictures show, 0 where the frozen pixels stay
 *
 * @typedef {object} Photo  A segmented photo at the size of the map. Never changed in place.
 * @property {ImageData} picture
 * @property {Labels} labels  as segmented, or corrected since
 * @property {Uint8Array} confidence  of each label, 0..255
 * @property {boolean} shown  it is on screen, except where labels or noise regions were changed since
 *
 * @typedef {Uint8Array|Uint16Array} Labels  Class ids, row by row; 16 bits in models of more than 256 classes.
 *
 * @typedef {{width: number, height: number, labels: Labels}} LabelMap
 *
 * @typedef {object} Content  What a picture is painted from.
 * @property {number} width
 * @property {Labels} labels
 * @property {Uint8Array} regions
 * @property {Noise} noise
 *
 * @typedef {object} Snapshot  Everything an undo step can change.
 * @property {number} width
 * @property {number} height
 * @property {Labels} labels
 * @property {Uint8Array} regions
 * @property {Noise} noise
 * @property {FrozenPixels|null} frozen
 * @property {Photo|null} photo
 * @property {number} version  equal versions have equal content
 *
 * @typedef {object} ProjectInfo  The document as a project.
 * @property {string} name  '' until it gets one
 * @property {string|null} link  id of the shared copy
 * @property {number} saved  the version last saved to a file or shared, -1 for none
 * @property {readonly KeyFrame[]} keyFrames  of its timeline
 * @typedef {{snapshot: Snapshot, picture: ImageData}} KeyFrame  Of a timeline: the content and its picture.
 *
 * @typedef {object} TimelineState
 * @property {boolean} open
 * @property {readonly KeyFrame[]} keyFrames
 * @property {number} frames  number of frames; 0 if nothing can be played
 * @property {number|null} frame  the one on screen, null while the document is shown
 * @property {boolean} playing
 * @property {number|null} written  share of the export that is done, 0..1; null: none is running
 * @property {number} seconds  between key frames
 * @property {number} fps
 * @property {boolean} loop  back from the last key frame to the first
 * @property {boolean} smooth  slow down at key frames
 * @property {boolean} regionOnly  only the noise of the active region changes
 *
 * @typedef {object} RoundTrip  The timing of an edit, in `performance.now()` milliseconds.
 * @property {number} wanted  when the picture was requested
 * @property {number} begun  when packing began, after the answer to the previous request
 * @property {number} sent
 * @property {number} received
 * @property {number} decoded
 * @property {Record<string, number>} server  milliseconds each part took the server
 *
 * @typedef {{x: number, y: number}} Point  In pixels of the label map, not rounded.
 *
 * @typedef {import('../tools/tools.js').ToolId} ToolId
 * @typedef {{mask: Uint8Array, path: Path2D, width: number}} Selection  mask: 1 on selected pixels; path: their outline; width: of the map.
 * @typedef {'split'|'overlay'|'labels'|'photo'|'compare'} Layout
 * @typedef {'labels'|'regions'|'underlay'} LayerId
 * @typedef {{visible: boolean, opacity: number}} Layer  Opacity 0..1; that of the labels applies only over a picture.
 * @typedef {'none'|'change'|'realism'|'fidelity'|'confidence'} Overlay
 * @typedef {'connecting'|'ready'|'painting'|'paused'|'offline'|'barred'} Connection
 *
 * @typedef {object} ToolState  The current tool and the options of all tools.
 * @property {ToolId} tool
 * @property {number} size  brush diameter in pixels of the label map
 * @property {boolean} square  the brush is not round
 * @property {boolean} pressure  pen pressure scales the brush
 * @property {boolean} pen  a pen has been used
 * @property {boolean} fingerPans  one finger pans instead of painting
 * @property {boolean} mirrorX  strokes are mirrored left and right
 * @property {boolean} mirrorY  strokes are mirrored top and bottom
 * @property {number} gap  fills do not leak through gaps up to this many pixels wide
 *
 * @typedef {object} ClassState  The class list.
 * @property {number} classId
 * @property {readonly (number|null)[]} pins  class ids on the keys 1 to 9
 * @property {readonly number[]} locked  class ids that cannot be painted over
 * @property {readonly number[]} hidden  class ids that are not shown
 * @property {'own'|'safe'|'custom'} scheme  the colors: of the model, color-blind safe, or custom
 * @property {readonly string[]} colors  '#rrggbb' by class id, as displayed
 * @property {boolean} usedFirst  the class list starts with the classes on the map
 *
 * @typedef {object} MarkState  What tools draw over the panes.
 * @property {Selection|null} selection
 * @property {Path2D|null} band  the rubber band of a tool, in pixels of the map
 * @property {Point|null} caret  the keyboard cursor on the map
 * @property {Path2D|null} guide  all of these as one path, in pixels of the map
 *
 * @typedef {object} RerollState  The options of re-rolls.
 * @property {number|null} regionId  the active noise region
 * @property {boolean} subtract  the noise-region brush removes pixels from the region
 * @property {boolean} keepOutside  pixels outside a re-roll are frozen
 * @property {number} strength  how far re-rolls move the noise, 0.01..1
 * @property {readonly number[]|null} channels  the noise channels that re-rolls change, 0..63; null: all
 *
 * @typedef {object} ViewState  What the panes show.
 * @property {Layout} layout
 * @property {Record<LayerId, Layer>} layers
 * @property {Overlay} overlay  the heat map on a pane
 * @property {ImageBitmap|null} underlay  a reference photo under the labels, stretched to the map
 * @property {boolean} before  the picture before the last step is shown, while a key is held
 * @property {number} zoom  1: the map fits the pane
 * @property {number} doubt  labels below this confidence are hatched, 0..1
 * @property {{at: number, part: boolean}|null} fix  the object being relabeled: the index of a pixel in it, and whether only its uncertain part changes
 *
 * @typedef {object} DocState  The document, as the page displays it.
 * @property {Noise} noise
 * @property {ProjectInfo} about  the document as a project
 * @property {Photo|null} photo
 * @property {number} width  of the map
 * @property {number} height
 * @property {number} version  of the content
 * @property {string|null} undoName
 * @property {string|null} redoName
 * @property {boolean} stroking  a stroke is in progress
 *
 * @typedef {object} LiveState  Live painting.
 * @property {Connection} connection
 * @property {number|null} latency  milliseconds from request to picture
 * @property {boolean} paused  nothing is sent to the server
 * @property {number} shown  the version of the document that the picture on screen shows
 *
 * @typedef {object} State  The state of the page, except pixels: single values and groups of values.
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
 * @property {number} sharing  the most bytes of a shared project; 0 if the server stores none
 * @property {{custom: Shortcuts}} shortcuts
 *
 * @typedef {Readonly<Record<string, string>>} Shortcuts  Custom keys by action id; '' for none.
 *
 * @typedef {object} Action  Something a button, a key or the command palette does.
 * @property {string} id  stored with custom shortcuts, so it never changes
 * @property {string} name  for display: tooltip, accessible name, shortcuts dialog
 * @property {string} group  in the shortcuts dialog
 * @property {string} [key]  'B', 'Shift+R', 'Ctrl+Z', '['
 * @property {string} [icon]  a symbol of the page's sprite
 * @property {(state: State) => boolean} [enabled]
 * @property {(state: State) => string|null} [obstacle]  why it is disabled, if that is not obvious
 * @property {(state: State) => boolean} [pressed]  whether a toggle is on
 * @property {() => void|Promise<void>} perform
 * @property {() => void} [release]  ends an action that lasts while its key or button is held
 *
 * @typedef {{width: number, height: number}} Size
 *
 * @typedef {object} Pane  A view of the map: of labels or of the picture.
 * @property {HTMLElement} element
 * @property {Size} box  of the element, in CSS pixels
 * @property {Size} map
 * @property {View} view
 * @property {(at: Point) => Point} toMap  from CSS pixels of the pane to pixels of the map
 * @property {(at: Point|null) => void} hover  reports the pointer; null: it has left
 * @property {(canvas: HTMLCanvasElement) => void} add  adds a canvas of the map's size
 *
 * @typedef {object} View  The visible part of the map, the same in all panes.
 * @property {(pane: Size, map: Size) => {scale: number, left: number, top: number}} place
 * @property {(factor: number, at: Point, pane: Size, map: Size) => void} zoomAt
 * @property {(dx: number, dy: number, pane: Size, map: Size) => void} pan
 *
 * @typedef {object} Stage  The panes.
 * @property {Pane} left
 * @property {Pane} right
 * @property {readonly Pane[]} panes
 * @property {Point|null} pointer  in pixels of the map
 * @property {(pixels: ImageData|null, over?: 'photo'|'labels') => void} showOverlay  shows a heat map on a pane; null removes it
 *
 * @typedef {{starts: Uint32Array, ends: Uint32Array, bits: Labels}} Delta  The difference of two maps; see maps/delta.js.
 *
 * @typedef {object} Step  An undoable step. It holds the *other* side of the change: swapping it with the document undoes
 * the step, swapping it again redoes it.
 * @property {string} name
 * @property {{width: number, height: number, labels: Labels, regions: Uint8Array}|null} whole  all maps, if the size changed
 * @property {Delta|null} labels
 * @property {Delta|null} regions
 * @property {Noise} noise
 * @property {FrozenPixels|null} frozen
 * @property {Photo|null} photo
 * @property {number} version
 *
 * @typedef {Pick<Model, 'id'|'name'|'version'|'classes'|'ignore_id'> & {hash?: string|null}} MadeWith  A model as recorded in a project.
 *
 * @typedef {object} Project  Everything a project file holds.
 * @property {string} name
 * @property {string|null} link  id of the shared copy
 * @property {MadeWith} model
 * @property {Snapshot} snapshot
 * @property {{done: readonly Step[], undone: readonly Step[]}} steps
 * @property {readonly KeyFrame[]} keyFrames  of the timeline
 * @property {ImageBitmap|null} underlay
 * @property {string|null} [note]  a message about what had to be changed to read it
 * @property {{noise: Noise|object, regions: Uint8Array}|null} [sent]  the noise as sent to the server
 * @property {ImageData|null} picture  of the snapshot
 * @property {ImageData|null} [rendered]  the picture as the server painted it, without photo and frozen pixels
 */

export {};
