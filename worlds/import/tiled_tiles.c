// SPDX-License-Identifier: MIT
// Tiles of a map of Tiled: what of them is solid, and the layers that lay them, as few static shapes. Whole
// tiles are merged to rectangles, slopes and other forms to convex polygons; where these meet the engine
// lets things slide (engine/world/seams.h).
#include "engine/base/assert.h"
#include "engine/base/file.h"
#include "engine/base/maths.h"
#include "worlds/import/tiled_parts.h"
#include "worlds/json_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define TILES_MAX     200000     // of all sets
#define CELLS_MAX     (4 << 20)  // of one layer's area
#define LAID_MAX      (16 << 20) // tiles of all layers
#define PARTIAL_MAX   20000      // forms of tiles that are not whole, of a layer
#define MATERIALS_MAX 200
#define FLIP_X        0x80000000u
#define FLIP_Y        0x40000000u
#define FLIP_DIAGONAL 0x20000000u
#define FLIPS         0xf0000000u // the last is of hexagonal maps

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

// ---------------------------------------------------------------------------------------------
// Tilesets.

static bool is_true(const ParaProperty *properties, int count, const char *name)
{
    const ParaProperty *property = para_drawn_property(properties, count, name);
    return property && !isnan(property->number) && property->number != 0;
}

/// One collision object of a tile, as convex pieces in the tile's pixels.
static void add_collision(ParaTiled *map, const cJSON *object, const char *where, ParaConvex *pieces)
{
    double x = para_tiled_number(object, "x", 0), y = para_tiled_number(object, "y", 0);
    double width = para_tiled_number(object, "width", 0), height = para_tiled_number(object, "height", 0);
    double s, c, turn = para_tiled_number(object, "rotation", 0) * PARA_TAU / 360; // clockwise, y down
    ParaArena *arena = map->drawing.arena;
    ParaRing ring = {.count = 0};
    ParaConvex own;
    if (member(object, "polygon")) {
        if (!para_tiled_ring(map, member(object, "polygon"), where, &ring))
            return;
    } else if (width > 0 && height > 0) {
        bool oval = cJSON_IsTrue(member(object, "ellipse"));
        ring.count = oval ? 16 : 4;
        ring.points = PARA_NEW(arena, ParaPoint, ring.count);
        for (int i = 0; i < ring.count; i++) {
            para_sincos(PARA_TAU * i / 16, &s, &c);
            ring.points[i] = oval ? (ParaPoint){width / 2 * (1 + c), height / 2 * (1 + s)}
                                  : (ParaPoint){i == 1 || i == 2 ? width : 0, i >= 2 ? height : 0};
        }
    }
    if (ring.count < 3) {
        para_drawn_note(&map->drawing, where, "a collision object without an area");
        return;
    }
    para_sincos(turn, &s, &c);
    for (int i = 0; i < ring.count; i++) {
        ParaPoint p = ring.points[i];
        ring.points[i] = turn == 0 ? (ParaPoint){x + p.x, y + p.y}
                                   : (ParaPoint){x + c * p.x - s * p.y, y + s * p.x + c * p.y};
    }
    const char *wrong = para_convex_of_rings(&ring, 1, PARA_FILL_NONZERO, arena, &own);
    if (wrong) {
        para_drawn_refuse(&map->drawing, where, "%s", wrong);
        return;
    }
    ParaForm *items = PARA_NEW(arena, ParaForm, pieces->count + own.count);
    if (pieces->count)
        memcpy(items, pieces->items, sizeof *items * (size_t)pieces->count);
    if (own.count)
        memcpy(items + pieces->count, own.items, sizeof *items * (size_t)own.count);
    pieces->items = items;
    pieces->count += own.count;
}

/// Whether some pieces are the whole of a tile.
static bool is_whole(const ParaConvex *pieces, double width, double height)
{
    return pieces->count == 1 && pieces->items[0].count == 4 &&
           fabs(fabs(para_points_area(pieces->items[0].points, 4)) - width * height) <
               1e-6 * width * height &&
           pieces->items[0].points[0].x >= 0 && pieces->items[0].points[0].x <= width &&
           pieces->items[0].points[0].y >= 0 && pieces->items[0].points[0].y <= height;
}

/// Takes out of a tile's properties what is said of tiles alone. @return whether `solid` was among them
static bool take_solid(ParaTile *tile, bool *out_solid)
{
    int left = 0;
    bool said = false;
    for (int i = 0; i < tile->property_count; i++) {
        if (strcmp(tile->properties[i].name, "solid") == 0) {
            said = true;
            *out_solid = tile->properties[i].number == 1;
        } else {
            tile->properties[left++] = tile->properties[i];
        }
    }
    tile->property_count = left;
    return said;
}

static void read_tile(ParaTiled *map, ParaTileSet *set, const cJSON *json, const char *where)
{
    double id = para_tiled_number(json, "id", -1);
    if (id < 0 || id >= set->count)
        return;
    ParaTile *tile = &set->tiles[(int)id];
    ParaProperty *shared = tile->properties;
    const char *word = para_tiled_class(json);
    if (member(json, "properties"))
        tile->properties = para_tiled_properties(map, json, &tile->property_count);
    if (tile->properties != shared)
        take_solid(tile, &tile->solid);
    if (*word && (!para_drawn_kind(word, &tile->kind) ||
                  (tile->kind != PARA_DRAWN_SOLID && tile->kind != PARA_DRAWN_HAZARD))) {
        para_drawn_note(&map->drawing, where,
                        "a tile of class \"%.60s\"; of tiles, solid and hazard are known", word);
        tile->kind = PARA_DRAWN_SOLID;
    } else if (*word) {
        tile->solid = true;
    }
    const cJSON *object;
    cJSON_ArrayForEach(object, member(member(json, "objectgroup"), "objects"))
        add_collision(map, object, where, &tile->pieces);
    if (member(json, "animation"))
        para_drawn_note(&map->drawing, where, "an animated tile: its first picture's form holds");
    if (is_whole(&tile->pieces, set->width, set->height))
        tile->solid = true;
    else if (tile->pieces.count > 0)
        tile->solid = false; // its objects say more
}

static void read_set(ParaTiled *map, ParaTileSet *set, const cJSON *json, const char *where)
{
    double count = para_tiled_number(json, "tilecount", 0);
    const cJSON *tile, *tiles = member(json, "tiles");
    cJSON_ArrayForEach(tile, tiles) count = para_max(count, para_tiled_number(tile, "id", 0) + 1);
    map->tiles += (int64_t)count;
    if (map->tiles > TILES_MAX) {
        para_drawn_refuse(&map->drawing, where, "more than %d tiles in all tilesets", TILES_MAX);
        return;
    }
    set->known = true;
    set->count = (uint32_t)count;
    set->width = para_tiled_number(json, "tilewidth", map->tile_width);
    set->height = para_tiled_number(json, "tileheight", map->tile_height);
    set->offset_x = para_tiled_number(member(json, "tileoffset"), "x", 0);
    set->offset_y = para_tiled_number(member(json, "tileoffset"), "y", 0);
    set->tiles = PARA_NEW(map->drawing.arena, ParaTile, set->count + 1);
    ParaTile all = {.kind = PARA_DRAWN_SOLID};
    all.properties = para_tiled_properties(map, json, &all.property_count);
    take_solid(&all, &all.solid);
    for (uint32_t i = 0; i < set->count; i++)
        set->tiles[i] = all;
    int index = 0;
    cJSON_ArrayForEach(tile, tiles)
        read_tile(map, set, tile, para_arena_printf(map->drawing.arena, "%s/tiles/%d", where, index++));
}

/// A tileset in a file of its own.
static void read_set_file(ParaTiled *map, ParaTileSet *set, const char *source, const char *where)
{
    ParaArena *arena = map->drawing.arena;
    const char *error = "there is no folder to look for it in", *folder = map->choices->folder;
    size_t size = 0, length = strlen(source);
    if (length > 4 && strcmp(source + length - 4, ".tsx") == 0) {
        para_drawn_note(
            &map->drawing, where,
            "tileset %.120s is XML, so none of its tiles is solid; export it as JSON, or embed it", source);
        return;
    }
    char *text =
        folder ? para_file_read(*source == '/' ? source : para_arena_printf(arena, "%s/%s", folder, source),
                                PARA_TILED_SIZE_MAX, arena, &size, &error)
               : NULL;
    cJSON *json = text ? para_json_parse_part(text, size, NULL, false) : NULL;
    if (json)
        read_set(map, set, json, para_arena_printf(arena, "%s (%.120s)", where, source));
    else
        para_drawn_refuse(&map->drawing, where, "tileset %.120s: %s", source, text ? "it is no JSON" : error);
    cJSON_Delete(json);
}

/// Numbers what has the same kind and properties the same.
static void find_materials(ParaTiled *map)
{
    const ParaTile *found[MATERIALS_MAX];
    int count = 0;
    for (int s = 0; s < map->set_count; s++)
        for (uint32_t i = 0; i < map->sets[s].count; i++) {
            ParaTile *tile = &map->sets[s].tiles[i];
            int m = 0;
            for (; m < count; m++) {
                bool same = found[m]->kind == tile->kind && found[m]->property_count == tile->property_count;
                for (int p = 0; same && p < tile->property_count; p++)
                    same = strcmp(found[m]->properties[p].name, tile->properties[p].name) == 0 &&
                           strcmp(found[m]->properties[p].text, tile->properties[p].text) == 0;
                if (same)
                    break;
            }
            if (m == MATERIALS_MAX) {
                para_drawn_refuse(&map->drawing, "/tilesets",
                                  "more than %d kinds of tiles by class and properties", MATERIALS_MAX);
                return;
            }
            if (m == count)
                found[count++] = tile;
            tile->material = m;
        }
}

void para_tiled_read_sets(ParaTiled *map, const cJSON *list)
{
    int index = 0;
    const cJSON *json;
    cJSON_ArrayForEach(json, list)
    {
        const char *where = para_arena_printf(map->drawing.arena, "/tilesets/%d", index++);
        const char *source = para_tiled_text(json, "source");
        double first = para_tiled_number(json, "firstgid", 0);
        if (map->set_count == PARA_TILED_SETS_MAX || first < 1) {
            para_drawn_refuse(&map->drawing, where, "%s",
                              first < 1 ? "its firstgid must be at least 1" : "more tilesets than 64");
            return;
        }
        ParaTileSet *set = &map->sets[map->set_count++];
        set->first = (uint32_t)first;
        if (*source)
            read_set_file(map, set, source, where);
        else
            read_set(map, set, json, where);
    }
    find_materials(map);
}

// ---------------------------------------------------------------------------------------------
// Data of layers.

/// Unpacks base64. @return [byte] of out, -1: it is none
static long unpack_base64(const char *text, uint8_t *out)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    long size = 0;
    uint32_t bits = 0;
    int count = 0;
    for (; *text && *text != '='; text++) {
        const char *letter = strchr(letters, *text);
        if (strchr(" \t\r\n", *text))
            continue;
        if (!letter)
            return -1;
        bits = bits << 6 | (uint32_t)(letter - letters);
        if (++count % 4 != 1)
            out[size++] = (uint8_t)(bits >> (6 - 2 * ((count - 1) % 4)));
    }
    return size;
}

/// Inflates zlib's or gzip's form into exactly `size` bytes.
static bool inflate_all(const uint8_t *data, size_t data_size, uint8_t *out, size_t size)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)data,
                       .avail_in = (uInt)data_size,
                       .next_out = out,
                       .avail_out = (uInt)size};
    if (inflateInit2(&stream, 15 + 32) != Z_OK) // either form, by its head
        return false;
    int end = inflate(&stream, Z_FINISH);
    bool whole = end == Z_STREAM_END && stream.total_out == size;
    inflateEnd(&stream);
    return whole;
}

/// The numbers of tiles of a layer or chunk, row by row. @return NULL, which is told
static const uint32_t *read_data(ParaTiled *map, const cJSON *layer, const cJSON *data, const char *where,
                                 int count)
{
    ParaArena *arena = map->drawing.arena;
    uint32_t *out = PARA_NEW(arena, uint32_t, count);
    const char *packing = para_tiled_text(layer, "compression");
    if (cJSON_IsArray(data)) {
        int index = 0;
        const cJSON *item;
        cJSON_ArrayForEach(item, data)
        {
            if (index < count && cJSON_IsNumber(item) && item->valuedouble >= 0 &&
                item->valuedouble <= 4294967295.0)
                out[index] = (uint32_t)item->valuedouble;
            index++;
        }
        if (index == count)
            return out;
        para_drawn_refuse(&map->drawing, where, "%d tiles where there should be %d", index, count);
        return NULL;
    }
    const char *text = cJSON_IsString(data) ? data->valuestring : "";
    uint8_t *packed = para_arena_alloc(arena, strlen(text) + 4), *bytes = (uint8_t *)out;
    long packed_size = unpack_base64(text, packed);
    size_t size = (size_t)count * 4;
    bool good = packed_size >= 0;
    if (*packing == '\0') {
        good = good && (size_t)packed_size == size;
        if (good)
            memcpy(bytes, packed, size);
    } else if (strcmp(packing, "zlib") == 0 || strcmp(packing, "gzip") == 0) {
        good = good && inflate_all(packed, (size_t)packed_size, bytes, size);
    } else if (strcmp(packing, "zstd") == 0) {
        good = good && ZSTD_decompress(bytes, size, packed, (size_t)packed_size) == size;
    } else {
        para_drawn_refuse(&map->drawing, where, "compression \"%.20s\" is not known", packing);
        return NULL;
    }
    if (!good) {
        para_drawn_refuse(&map->drawing, where, "its data are not %d tiles in base64%s%s", count,
                          *packing ? " and " : "", packing);
        return NULL;
    }
    for (int i = 0; i < count; i++) // little-endian in the file
        out[i] = (uint32_t)bytes[4 * i] | (uint32_t)bytes[4 * i + 1] << 8 | (uint32_t)bytes[4 * i + 2] << 16 |
                 (uint32_t)bytes[4 * i + 3] << 24;
    return out;
}

// ---------------------------------------------------------------------------------------------
// Laying tiles.

/// A layer at work: its cells, each with 1 + the material of the whole tile in it, and the forms of others.
typedef struct Layer {
    ParaTiled *map;
    const char *where, *name;
    double x, y;                  ///< [px] offset
    int left, top;                ///< [tile]
    int width, height;            ///< [tile]
    uint8_t *cells;               ///< [height, width]
    ParaTile look[MATERIALS_MAX]; ///< of each material
    bool all;                     ///< each of its tiles is whole and solid
    int partial_count;
    ParaForm *partial;     ///< [PARTIAL_MAX]
    int *partial_material; ///< [PARTIAL_MAX]
    int unknown;           ///< tiles of no tileset
} Layer;

static const ParaTileSet *set_of(const ParaTiled *map, uint32_t gid)
{
    const ParaTileSet *found = NULL;
    for (int s = 0; s < map->set_count; s++)
        if (map->sets[s].first <= gid && (!found || map->sets[s].first > found->first))
            found = &map->sets[s];
    return found;
}

/// A point of a tile where its flips put it. @param w, h [px] of the tile
static ParaPoint flip(ParaPoint p, uint32_t flags, double w, double h)
{
    if (flags & FLIP_DIAGONAL) {
        p = (ParaPoint){p.y, p.x};
        double kept = w;
        w = h;
        h = kept;
    }
    return (ParaPoint){flags & FLIP_X ? w - p.x : p.x, flags & FLIP_Y ? h - p.y : p.y};
}

/// Adds a polygon of a tile whose top left corner is at x, y.
static void add_partial(Layer *layer, const ParaTileSet *set, const ParaForm *piece, int material,
                        uint32_t flags, double x, double y)
{
    if (layer->partial_count == PARTIAL_MAX) {
        para_drawn_refuse(&layer->map->drawing, layer->where, "more than %d tiles with forms of their own",
                          PARTIAL_MAX);
        layer->partial_count++;
    }
    if (layer->partial_count > PARTIAL_MAX)
        return;
    ParaForm form = *piece;
    form.points = PARA_NEW(layer->map->drawing.arena, ParaPoint, piece->count);
    for (int i = 0; i < piece->count; i++) {
        ParaPoint p = flip(piece->points[i], flags, set->width, set->height);
        form.points[i] = (ParaPoint){x + p.x, y + p.y};
    }
    if (para_points_area(form.points, form.count) < 0) // mirrored
        for (int i = 0, k = form.count - 1; i < k; i++, k--) {
            ParaPoint kept = form.points[i];
            form.points[i] = form.points[k];
            form.points[k] = kept;
        }
    layer->partial[layer->partial_count] = form;
    layer->partial_material[layer->partial_count++] = material;
}

static void lay(Layer *layer, uint32_t laid, int column, int row)
{
    const ParaTiled *map = layer->map;
    uint32_t flags = laid & FLIPS, gid = laid & ~FLIPS;
    if (gid == 0)
        return;
    const ParaTileSet *set = set_of(map, gid);
    bool listed = set && set->known && gid - set->first < set->count;
    layer->unknown += !listed;
    static const ParaTile plain = {.kind = PARA_DRAWN_SOLID};
    const ParaTile *tile = listed ? &set->tiles[gid - set->first] : &plain;
    bool whole = tile->solid || (layer->all && tile->pieces.count == 0);
    if (!whole && tile->pieces.count == 0)
        return;
    double w = set && set->known ? set->width : map->tile_width,
           h = set && set->known ? set->height : map->tile_height;
    bool fits =
        w == map->tile_width && h == map->tile_height && !(set && (set->offset_x != 0 || set->offset_y != 0));
    layer->look[tile->material] = *tile;
    if (whole && fits) {
        layer->cells[(size_t)row * (size_t)layer->width + (size_t)column] = (uint8_t)(tile->material + 1);
        return;
    }
    double high = flags & FLIP_DIAGONAL ? w : h; // tiles stand on the bottom of their cells
    double x = (layer->left + column) * map->tile_width + (set ? set->offset_x : 0);
    double y = (layer->top + row + 1) * map->tile_height - high + (set ? set->offset_y : 0);
    ParaPoint corners[4] = {{0, 0}, {w, 0}, {w, h}, {0, h}};
    const ParaForm box = {.kind = PARA_FORM_POLYGON, .count = 4, .points = corners};
    for (int p = 0; p < (whole ? 1 : tile->pieces.count) && set; p++)
        add_partial(layer, set, whole ? &box : &tile->pieces.items[p], tile->material, flags, x, y);
}

/// The largest rectangle of equal cells that begins at one, rows first; its cells are emptied.
static ParaForm take_rectangle(Layer *layer, int column, int row)
{
    const ParaTiled *map = layer->map;
    uint8_t *cells = layer->cells + (size_t)row * (size_t)layer->width + (size_t)column, what = *cells;
    int wide = 1, high = 1;
    while (column + wide < layer->width && cells[wide] == what)
        wide++;
    for (; row + high < layer->height; high++) {
        const uint8_t *next = cells + (size_t)high * (size_t)layer->width;
        int same = 0;
        while (same < wide && next[same] == what)
            same++;
        // As wide, and no wider: else the next row's own rectangle would be cut in two.
        bool longer =
            (column > 0 && next[-1] == what) || (column + wide < layer->width && next[wide] == what);
        if (same < wide || longer)
            break;
    }
    for (int r = 0; r < high; r++)
        memset(cells + (size_t)r * (size_t)layer->width, 0, (size_t)wide);
    double x = (layer->left + column) * map->tile_width, y = (layer->top + row) * map->tile_height;
    double w = wide * map->tile_width, h = high * map->tile_height;
    ParaForm form = {
        .kind = PARA_FORM_POLYGON, .count = 4, .points = PARA_NEW(map->drawing.arena, ParaPoint, 4)};
    form.points[0] = (ParaPoint){x, y};
    form.points[1] = (ParaPoint){x + w, y};
    form.points[2] = (ParaPoint){x + w, y + h};
    form.points[3] = (ParaPoint){x, y + h};
    return form;
}

/// All that has one material, as few shapes, as one thing.
static void add_material(Layer *layer, int material, const ParaForm *whole, const int *whole_material,
                         int whole_count)
{
    ParaTiled *map = layer->map;
    ParaArena *arena = map->drawing.arena;
    ParaConvex pieces = {.items = PARA_NEW(arena, ParaForm, whole_count + layer->partial_count + 1)};
    for (int i = 0; i < layer->partial_count; i++)
        if (layer->partial_material[i] == material)
            pieces.items[pieces.count++] = layer->partial[i];
    if (pieces.count > 0)
        para_convex_join(&pieces, arena);
    for (int i = 0; i < whole_count; i++)
        if (whole_material[i] == material)
            pieces.items[pieces.count++] = whole[i];
    if (pieces.count == 0)
        return;
    para_convex_place(&pieces, map->scale, -1, map->scale * (layer->x - map->left),
                      map->scale * (map->bottom - layer->y));
    if (pieces.lost > 0)
        para_drawn_note(&map->drawing, layer->where, "what of its tiles is thinner than 1 mm is left out");
    const ParaTile *look = &layer->look[material];
    const char *name = look->kind == PARA_DRAWN_HAZARD ? "hazard" : layer->name;
    ParaDrawn *drawn = pieces.count ? para_drawn_add(&map->drawing, look->kind, name, layer->where) : NULL;
    if (!drawn)
        return;
    drawn->forms = pieces.items;
    drawn->form_count = pieces.count;
    drawn->properties = look->properties;
    drawn->property_count = look->property_count;
}

static void add_solids(Layer *layer)
{
    int room = 1024, count = 0, most = 0;
    ParaForm *whole = malloc(sizeof *whole * (size_t)room);
    int *material = malloc(sizeof *material * (size_t)room);
    for (int row = 0; row < layer->height; row++)
        for (int column = 0; column < layer->width && whole && material; column++) {
            uint8_t cell = layer->cells[(size_t)row * (size_t)layer->width + (size_t)column];
            if (cell == 0)
                continue;
            if (count == PARA_SHAPES_MAX) { // beyond what any level holds
                para_drawn_refuse(&layer->map->drawing, layer->where,
                                  "its solid tiles make more than %d rectangles, more than a level holds",
                                  PARA_SHAPES_MAX);
                free(whole);
                free(material);
                return;
            }
            material[count] = cell - 1;
            most = cell > most ? cell : most;
            whole[count++] = take_rectangle(layer, column, row);
        }
    for (int i = 0; i < layer->partial_count && i < PARTIAL_MAX; i++)
        most = layer->partial_material[i] + 1 > most ? layer->partial_material[i] + 1 : most;
    for (int m = 0; m < most && whole && material && layer->partial_count <= PARTIAL_MAX; m++)
        add_material(layer, m, whole, material, count);
    free(whole);
    free(material);
}

/// Room for a layer's cells. @return false, which is told
static bool open_layer(Layer *layer, const cJSON *json)
{
    ParaTiled *map = layer->map;
    const cJSON *chunk, *chunks = member(json, "chunks");
    double left = para_tiled_number(json, "x", 0), top = para_tiled_number(json, "y", 0);
    double right = left + para_tiled_number(json, "width", 0),
           bottom = top + para_tiled_number(json, "height", 0);
    if (chunks) {
        left = top = 1e9;
        right = bottom = -1e9;
        cJSON_ArrayForEach(chunk, chunks)
        {
            double x = floor(para_tiled_number(chunk, "x", 0)), y = floor(para_tiled_number(chunk, "y", 0));
            left = para_min(left, x);
            top = para_min(top, y);
            right = para_max(right, x + floor(para_tiled_number(chunk, "width", 0)));
            bottom = para_max(bottom, y + floor(para_tiled_number(chunk, "height", 0)));
        }
    }
    if (right <= left || bottom <= top) // nothing in it
        return false;
    if ((right - left) * (bottom - top) > CELLS_MAX) {
        para_drawn_refuse(&map->drawing, layer->where, "its tiles are spread over more than %d cells",
                          CELLS_MAX);
        return false;
    }
    layer->left = (int)floor(left);
    layer->top = (int)floor(top);
    layer->width = (int)(right - left);
    layer->height = (int)(bottom - top);
    layer->cells = calloc((size_t)layer->width, (size_t)layer->height);
    layer->partial = malloc(sizeof *layer->partial * PARTIAL_MAX);
    layer->partial_material = malloc(sizeof *layer->partial_material * PARTIAL_MAX);
    bool good = layer->cells && layer->partial && layer->partial_material;
    if (!good)
        para_drawn_refuse(&map->drawing, layer->where, "no memory");
    return good;
}

/// Lays a rectangle of tiles whose first is at (column, row) of the layer.
static void lay_all(Layer *layer, const cJSON *json, const cJSON *data, const char *where, int column,
                    int row, int width, int height)
{
    ParaTiled *map = layer->map;
    map->laid += (int64_t)width * height;
    if (map->laid > LAID_MAX) {
        para_drawn_refuse(&map->drawing, where, "more than %d tiles in all layers", LAID_MAX);
        return;
    }
    ParaArenaMark mark = para_arena_mark(map->drawing.arena);
    const uint32_t *tiles = read_data(map, json, data, where, width * height);
    if (!tiles)
        return;
    uint32_t *kept = malloc(sizeof *kept * (size_t)width * (size_t)height);
    if (!kept)
        return;
    memcpy(kept, tiles, sizeof *kept * (size_t)width * (size_t)height);
    para_arena_rewind(map->drawing.arena, mark); // the packed and the plain: as large as the map
    for (int r = 0; r < height; r++)
        for (int c = 0; c < width; c++)
            lay(layer, kept[(size_t)r * (size_t)width + (size_t)c], column + c, row + r);
    free(kept);
}

/// Lays all tiles of a layer and adds what of them is solid.
static void read_tiles(Layer *layer, const cJSON *json)
{
    const cJSON *chunk, *chunks = member(json, "chunks");
    int index = 0;
    if (!chunks)
        lay_all(layer, json, member(json, "data"), layer->where, 0, 0, layer->width, layer->height);
    cJSON_ArrayForEach(chunk, chunks)
    {
        int column = (int)floor(para_tiled_number(chunk, "x", 0)) - layer->left;
        int row = (int)floor(para_tiled_number(chunk, "y", 0)) - layer->top;
        double width = floor(para_tiled_number(chunk, "width", 0)),
               height = floor(para_tiled_number(chunk, "height", 0));
        if (width >= 1 && height >= 1)
            lay_all(layer, json, member(chunk, "data"),
                    para_arena_printf(layer->map->drawing.arena, "%s/chunks/%d", layer->where, index), column,
                    row, (int)width, (int)height);
        index++;
    }
    if (layer->unknown > 0)
        para_drawn_note(&layer->map->drawing, layer->where, "%d tiles of no tileset that could be read%s",
                        layer->unknown, layer->all ? "" : ": none of them is solid");
    int before = layer->map->drawing.count;
    if (layer->map->drawing.list->error_count == 0)
        add_solids(layer);
    if (layer->map->drawing.count == before && layer->map->drawing.list->error_count == 0)
        para_drawn_note(
            &layer->map->drawing, layer->where,
            "none of its tiles is solid: a backdrop. A tile is solid by collision objects, by class or "
            "property solid, or if its layer has the property");
}

void para_tiled_read_tiles(ParaTiled *map, const cJSON *json, const char *where, double x, double y)
{
    ParaArena *arena = map->drawing.arena;
    Layer *layer = PARA_NEW(arena, Layer, 1);
    int property_count;
    const ParaProperty *properties = para_tiled_properties(map, json, &property_count);
    const ParaProperty *said = para_drawn_property(properties, property_count, "solid");
    const char *name = para_tiled_text(json, "name");
    *layer = (Layer){.map = map, .where = where, .x = x, .y = y};
    layer->name = *name ? para_arena_strdup(arena, name) : "ground";
    layer->all = is_true(properties, property_count, "solid") || strcmp(para_tiled_class(json), "solid") == 0;
    for (int i = 0; i < property_count; i++)
        if (strcmp(properties[i].name, "solid") != 0)
            para_drawn_note(&map->drawing, where,
                            "property \"%.60s\": of layers of tiles, \"solid\" is known", properties[i].name);
    if (said && !layer->all) // a backdrop, as its author says
        return;
    if (open_layer(layer, json))
        read_tiles(layer, json);
    free(layer->cells);
    free(layer->partial);
    free(layer->partial_material);
}
