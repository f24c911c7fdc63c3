// SPDX-License-Identifier: MIT
// Reading an SVG by expat, which loads nothing from outside; a document that declares entities is refused.
#include "worlds/import/svg.h"

#include "engine/base/maths.h"
#include "engine/base/text.h"
#include "worlds/import/svg_parts.h"

#include <expat.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX    64
#define ELEMENTS_MAX 200000
#define POINTS_TOTAL 100000 // of all lines
#define PROPERTIES   40     // of one element, inherited ones among them
#define LINE_RADIUS  0.02   // [m] half the thickness of a line without a stroke-width

/// What an element hands down to those in it.
typedef struct Frame {
    ParaMatrix matrix;
    bool filled, stroked, hidden;
    ParaFill fill;
    double stroke; ///< width in units
    bool named_kind;
    ParaDrawnKind kind;
    int property_count;
    ParaProperty properties[PROPERTIES];
} Frame;

typedef struct Reader {
    ParaDrawing drawing;
    const ParaSvgChoices *choices;
    XML_Parser parser;
    int depth;
    int skipped; ///< depth from which on nothing is looked at; 0: all is
    int elements;
    int points;           ///< that may still come
    double width, height; ///< [unit] of the drawing, for percentages
    const char *told[32]; ///< elements that were told of; once each
    int told_count;
    Frame frames[DEPTH_MAX];
} Reader;

static const char *line_of(const Reader *reader, const char *element, const char *id)
{
    return para_arena_printf(reader->drawing.arena, "line %lu, %.40s%s%.60s%s",
                             (unsigned long)XML_GetCurrentLineNumber(reader->parser), element, id ? " (" : "",
                             id ? id : "", id ? ")" : "");
}

static void refuse(Reader *reader, const char *what)
{
    para_drawn_refuse(&reader->drawing, line_of(reader, "here", NULL), "%s", what);
    XML_StopParser(reader->parser, XML_FALSE);
}

static const char *attribute(const char **attributes, const char *name)
{
    for (int i = 0; attributes[i]; i += 2)
        if (strcmp(attributes[i], name) == 0)
            return attributes[i + 1];
    return NULL;
}

/// A length in the drawing's units. @param whole what 100 % is
static double length_of(const char *text, double whole, double otherwise)
{
    static const struct {
        const char *unit;
        double size;
    } units[] = {{"px", 1},         {"mm", 96 / 25.4}, {"cm", 96 / 2.54}, {"in", 96},
                 {"pt", 96.0 / 72}, {"pc", 16},        {"em", 16},        {"rem", 16}};
    double value;
    if (!text || !para_svg_number(&text, &value))
        return otherwise;
    if (*text == '%')
        return value / 100 * whole;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strncmp(text, units[i].unit, strlen(units[i].unit)) == 0)
            return value * units[i].size;
    return value;
}

static double length(const Reader *reader, const char **attributes, const char *name, double otherwise)
{
    bool upright = strchr(name, 'y') || strcmp(name, "height") == 0;
    return length_of(attribute(attributes, name), upright ? reader->height : reader->width, otherwise);
}

// ---------------------------------------------------------------------------------------------
// What is inherited.

/// The value of a property, from the attribute `style` or the one of its name. @param out [size]
static bool styled(const char **attributes, const char *name, char *out, size_t size)
{
    const char *style = attribute(attributes, "style"), *plain = attribute(attributes, name);
    size_t length = strlen(name);
    while (style && *style) {
        style += strspn(style, " \t\r\n;");
        size_t whole = strcspn(style, ";"), key = strcspn(style, ":;");
        const char *value = style + key;
        if (key < whole && key == length && strncmp(style, name, length) == 0) {
            value += 1 + strspn(value + 1, " \t\r\n");
            snprintf(out, size, "%.*s", (int)(style + whole - value > 0 ? style + whole - value : 0), value);
            return true;
        }
        style += whole;
    }
    if (plain)
        snprintf(out, size, "%s", plain);
    return plain != NULL;
}

static void set_property(Reader *reader, Frame *frame, const char *name, const char *text)
{
    char plain[64];
    snprintf(plain, sizeof plain, "%s", name);
    for (char *at = plain; *at; at++)
        *at = *at == '-' ? '_' : *at;
    ParaProperty property = para_drawn_property_of(plain, text, reader->drawing.arena);
    for (int i = 0; i < frame->property_count; i++)
        if (strcmp(frame->properties[i].name, plain) == 0) {
            frame->properties[i] = property;
            return;
        }
    if (frame->property_count < PROPERTIES)
        frame->properties[frame->property_count++] = property;
    else
        para_drawn_note(&reader->drawing, line_of(reader, name, NULL), "more than %d data attributes",
                        PROPERTIES);
}

/// Words of the class that say what it is; other words are for style sheets.
static void read_class(Reader *reader, Frame *frame, const char *element, const char **attributes)
{
    const char *class = attribute(attributes, "class"), *said = attribute(attributes, "data-kind");
    ParaDrawnKind kind;
    if (said) {
        if (para_drawn_kind(said, &kind) && *said) {
            frame->kind = kind;
            frame->named_kind = true;
        } else {
            para_drawn_note(
                &reader->drawing, line_of(reader, element, attribute(attributes, "id")),
                "data-kind \"%.60s\"; known are solid, body, mover, player, goal, hazard, coin, zone", said);
        }
        return;
    }
    while (class && *class) {
        char word[32];
        class += strspn(class, " \t\r\n");
        size_t size = strcspn(class, " \t\r\n");
        snprintf(word, sizeof word, "%.*s", (int)(size < sizeof word ? size : sizeof word - 1), class);
        class += size;
        if (*word && size < sizeof word && para_drawn_kind(word, &kind)) {
            frame->kind = kind;
            frame->named_kind = true;
            return;
        }
    }
}

static void inherit(Reader *reader, Frame *frame, const char *element, const char **attributes)
{
    char value[64];
    const char *transform = attribute(attributes, "transform"), *id = attribute(attributes, "id");
    static const char *const effects[] = {"clip-path",    "mask",       "filter",
                                          "marker-start", "marker-mid", "marker-end"};
    if (transform && !para_svg_transform(transform, &frame->matrix))
        para_drawn_note(&reader->drawing, line_of(reader, element, id),
                        "transform \"%.80s\" is not understood", transform);
    if (styled(attributes, "fill", value, sizeof value))
        frame->filled = strcmp(value, "none") != 0;
    if (styled(attributes, "stroke", value, sizeof value))
        frame->stroked = strcmp(value, "none") != 0;
    if (styled(attributes, "fill-rule", value, sizeof value))
        frame->fill = strcmp(value, "evenodd") == 0 ? PARA_FILL_EVENODD : PARA_FILL_NONZERO;
    if (styled(attributes, "stroke-width", value, sizeof value))
        frame->stroke = length_of(value, reader->width, frame->stroke);
    if ((styled(attributes, "display", value, sizeof value) && strcmp(value, "none") == 0) ||
        (styled(attributes, "visibility", value, sizeof value) && strcmp(value, "hidden") == 0))
        frame->hidden = true;
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++)
        if (styled(attributes, effects[i], value, sizeof value) && strcmp(value, "none") != 0)
            para_drawn_note(&reader->drawing, line_of(reader, element, id), "its %s", effects[i]);
    for (int i = 0; attributes[i]; i += 2)
        if (strncmp(attributes[i], "data-", 5) == 0 && strcmp(attributes[i], "data-kind") != 0)
            set_property(reader, frame, attributes[i] + 5, attributes[i + 1]);
    read_class(reader, frame, element, attributes);
}

// ---------------------------------------------------------------------------------------------
// Elements.

static void draw_points(Reader *reader, ParaPen *pen, const char *text, const char *where, bool closed)
{
    double x, y;
    bool first = true;
    while (para_svg_number(&text, &x) && para_svg_number(&text, &y)) {
        if (first)
            para_svg_move(pen, x, y);
        else
            para_svg_line(pen, x, y);
        first = false;
    }
    text += strspn(text, " \t\r\n,");
    if (*text)
        para_drawn_note(&reader->drawing, where, "its points from \"%.20s\" on are no numbers", text);
    if (closed)
        para_svg_close(pen);
    else
        para_svg_end(pen);
}

static void draw_rect(const Reader *reader, ParaPen *pen, const char **attributes)
{
    double x = length(reader, attributes, "x", 0), y = length(reader, attributes, "y", 0);
    double w = length(reader, attributes, "width", 0), h = length(reader, attributes, "height", 0);
    double rx = length(reader, attributes, "rx", -1), ry = length(reader, attributes, "ry", -1);
    if (w <= 0 || h <= 0)
        return;
    rx = rx < 0 ? ry : rx;
    ry = ry < 0 ? rx : ry;
    rx = para_clamp(rx, 0, w / 2);
    ry = para_clamp(ry, 0, h / 2);
    para_svg_move(pen, x + rx, y);
    para_svg_line(pen, x + w - rx, y);
    para_svg_arc(pen, rx, ry, 0, false, true, x + w, y + ry);
    para_svg_line(pen, x + w, y + h - ry);
    para_svg_arc(pen, rx, ry, 0, false, true, x + w - rx, y + h);
    para_svg_line(pen, x + rx, y + h);
    para_svg_arc(pen, rx, ry, 0, false, true, x, y + h - ry);
    para_svg_line(pen, x, y + ry);
    para_svg_arc(pen, rx, ry, 0, false, true, x + rx, y);
    para_svg_close(pen);
}

static void draw_oval(ParaPen *pen, double x, double y, double rx, double ry)
{
    if (rx <= 0 || ry <= 0)
        return;
    para_svg_move(pen, x + rx, y);
    para_svg_arc(pen, rx, ry, 0, false, true, x - rx, y);
    para_svg_arc(pen, rx, ry, 0, false, true, x + rx, y);
    para_svg_close(pen);
}

/// Draws an element that has lines.
static void draw(Reader *reader, ParaPen *pen, const char *element, const char **attributes,
                 const char *where)
{
    const char *points = attribute(attributes, "points"), *data = attribute(attributes, "d"), *wrong;
    if (strcmp(element, "path") == 0) {
        if (data && (wrong = para_svg_path(pen, data)) != NULL) {
            para_svg_end(pen);
            para_drawn_note(&reader->drawing, where, "its path from \"%.20s\" on is wrong", wrong);
        }
    } else if (strcmp(element, "rect") == 0) {
        draw_rect(reader, pen, attributes);
    } else if (strcmp(element, "circle") == 0) {
        double r = length(reader, attributes, "r", 0);
        draw_oval(pen, length(reader, attributes, "cx", 0), length(reader, attributes, "cy", 0), r, r);
    } else if (strcmp(element, "ellipse") == 0) {
        draw_oval(pen, length(reader, attributes, "cx", 0), length(reader, attributes, "cy", 0),
                  length(reader, attributes, "rx", 0), length(reader, attributes, "ry", 0));
    } else if (strcmp(element, "line") == 0) {
        para_svg_move(pen, length(reader, attributes, "x1", 0), length(reader, attributes, "y1", 0));
        para_svg_line(pen, length(reader, attributes, "x2", 0), length(reader, attributes, "y2", 0));
        para_svg_end(pen);
    } else {
        draw_points(reader, pen, points ? points : "", where, strcmp(element, "polygon") == 0);
    }
}

/// A circle that is one where it lies, too. @return false: it is an ellipse there
static bool add_circle(const Reader *reader, const Frame *frame, const char **attributes, ParaDrawn *drawn)
{
    const ParaMatrix *m = &frame->matrix;
    double stretch = para_svg_stretch(m), area = fabs(m->a * m->d - m->b * m->c);
    double r = length(reader, attributes, "r", 0);
    if (r <= 0 || stretch * stretch > area * (1 + 1e-6))
        return false;
    ParaPoint centre =
        para_svg_moved(m, length(reader, attributes, "cx", 0), length(reader, attributes, "cy", 0));
    drawn->x = centre.x;
    drawn->y = centre.y;
    drawn->form_count = 1;
    drawn->forms = PARA_NEW(reader->drawing.arena, ParaForm, 1);
    drawn->forms[0] = (ParaForm){.kind = PARA_FORM_CIRCLE, .radius = r * stretch};
    return true;
}

static void add_solid(Reader *reader, const Frame *frame, const ParaPen *pen, ParaDrawn *drawn)
{
    ParaConvex pieces;
    const char *wrong =
        para_convex_of_rings(pen->rings, pen->ring_count, frame->fill, reader->drawing.arena, &pieces);
    if (wrong) {
        para_drawn_refuse(&reader->drawing, drawn->where, "%s", wrong);
        return;
    }
    double x = 0, y = 0, area = 0;
    for (int p = 0; p < pieces.count; p++) { // the middle of it, about which it turns
        const ParaForm *piece = &pieces.items[p];
        double xs[PARA_POLYGON_POINTS_MAX], ys[PARA_POLYGON_POINTS_MAX];
        for (int i = 0; i < piece->count; i++) {
            xs[i] = piece->points[i].x;
            ys[i] = piece->points[i].y;
        }
        ParaMass mass = para_outline_mass(xs, ys, piece->count, 1);
        x += mass.mass * mass.x;
        y += mass.mass * mass.y;
        area += mass.mass;
    }
    bool moves = drawn->kind == PARA_DRAWN_BODY || drawn->kind == PARA_DRAWN_PLAYER ||
                 drawn->kind == PARA_DRAWN_MOVER || drawn->kind == PARA_DRAWN_COIN;
    if (moves && area > 0) {
        drawn->x = x / area;
        drawn->y = y / area;
    }
    para_convex_place(&pieces, 1, 1, -drawn->x, -drawn->y);
    if (pieces.count == 0 || pieces.lost > 0)
        para_drawn_note(&reader->drawing, drawn->where, "what of it is thinner than 1 mm is left out");
    drawn->forms = pieces.items;
    drawn->form_count = pieces.count;
}

static void add_lines(Reader *reader, const Frame *frame, const ParaPen *pen, ParaDrawn *drawn)
{
    double thick = frame->stroke * para_svg_stretch(&frame->matrix) / 2;
    drawn->forms = PARA_NEW(reader->drawing.arena, ParaForm, pen->ring_count + 1);
    for (int r = 0; r < pen->ring_count; r++) {
        ParaForm *form = &drawn->forms[drawn->form_count++];
        int count = pen->rings[r].count + pen->closed[r];
        *form =
            (ParaForm){.kind = PARA_FORM_CHAIN, .count = count, .radius = thick > 0 ? thick : LINE_RADIUS};
        form->points = PARA_NEW(reader->drawing.arena, ParaPoint, count);
        for (int i = 0; i < count; i++)
            form->points[i] = pen->rings[r].points[i % pen->rings[r].count];
    }
}

static bool is_far(const ParaPen *pen)
{
    for (int r = 0; r < pen->ring_count; r++)
        for (int i = 0; i < pen->rings[r].count; i++)
            if (!(fabs(pen->rings[r].points[i].x) <= PARA_DRAWN_FAR &&
                  fabs(pen->rings[r].points[i].y) <= PARA_DRAWN_FAR))
                return true;
    return false;
}

static bool has_lines(const char *element)
{
    static const char *const words[] = {"path", "rect", "circle", "ellipse", "line", "polyline", "polygon"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(element, words[i]) == 0)
            return true;
    return false;
}

static void read_lines(Reader *reader, const Frame *frame, const char *element, const char **attributes)
{
    const char *id = attribute(attributes, "id"), *where = line_of(reader, element, id);
    bool line = strcmp(element, "line") == 0;
    if (frame->hidden || (!frame->filled && !frame->stroked && !frame->named_kind)) {
        para_drawn_note(&reader->drawing, where, "it is hidden, or has neither fill nor stroke");
        return;
    }
    ParaPen pen =
        para_svg_pen(&frame->matrix, reader->choices->tolerance, reader->points, reader->drawing.arena);
    int room = pen.room;
    draw(reader, &pen, element, attributes, where);
    reader->points -= room - pen.room;
    if (pen.full || is_far(&pen)) {
        if (pen.full)
            para_drawn_refuse(&reader->drawing, where,
                              "more than %d points or %d parts, or more than %d points in all",
                              PARA_DRAWN_POINTS_MAX, PARA_DRAWN_RINGS_MAX, POINTS_TOTAL);
        else
            para_drawn_refuse(&reader->drawing, where, "it lies more than %g m from the drawing's corner",
                              PARA_DRAWN_FAR);
        XML_StopParser(reader->parser, XML_FALSE);
        return;
    }
    if (pen.ring_count == 0) {
        para_drawn_note(&reader->drawing, where, "it has no lines");
        return;
    }
    bool solid = !line && (frame->filled || frame->kind != PARA_DRAWN_SOLID);
    if (!solid && frame->kind != PARA_DRAWN_SOLID && frame->kind != PARA_DRAWN_HAZARD &&
        frame->kind != PARA_DRAWN_MOVER) {
        para_drawn_note(&reader->drawing, where,
                        "a line is no area: only what is solid, a hazard or a mover may be one");
        return;
    }
    ParaDrawn *drawn = para_drawn_add(&reader->drawing, frame->kind,
                                      id ? para_arena_strdup(reader->drawing.arena, id) : NULL, where);
    if (!drawn) {
        XML_StopParser(reader->parser, XML_FALSE);
        return;
    }
    drawn->property_count = frame->property_count;
    drawn->properties = PARA_NEW(reader->drawing.arena, ParaProperty, frame->property_count + 1);
    memcpy(drawn->properties, frame->properties, sizeof *frame->properties * (size_t)frame->property_count);
    if (!solid)
        add_lines(reader, frame, &pen, drawn);
    else if (strcmp(element, "circle") != 0 || !add_circle(reader, frame, attributes, drawn))
        add_solid(reader, frame, &pen, drawn);
    if (drawn->form_count == 0)
        reader->drawing.count--; // nothing is left of it, which was told
}

/// The outermost element: the size of the drawing, and with it where y is up.
static void begin_drawing(Reader *reader, Frame *frame, const char **attributes)
{
    const char *box = attribute(attributes, "viewBox");
    double left = 0, top = 0, scale = reader->choices->metres_per_unit;
    reader->width =
        length_of(attribute(attributes, "width"), 300, 300); // what browsers take where nothing is said
    reader->height = length_of(attribute(attributes, "height"), 150, 150);
    if (box && !(para_svg_number(&box, &left) && para_svg_number(&box, &top) &&
                 para_svg_number(&box, &reader->width) && para_svg_number(&box, &reader->height)))
        refuse(reader, "viewBox must be four numbers");
    reader->drawing.width = scale * reader->width;
    reader->drawing.height = scale * reader->height;
    if (!(reader->drawing.width > 0 && reader->drawing.width < PARA_DRAWN_FAR && reader->drawing.height > 0 &&
          reader->drawing.height < PARA_DRAWN_FAR))
        refuse(reader, "the drawing is empty, or larger than 9 km");
    frame->matrix = (ParaMatrix){scale, 0, 0, -scale, -scale * left, scale * (top + reader->height)};
    for (int i = 0; attributes[i]; i += 2)
        if (strncmp(attributes[i], "data-", 5) == 0)
            set_property(reader, frame, attributes[i] + 5, attributes[i + 1]);
    reader->drawing.properties = PARA_NEW(reader->drawing.arena, ParaProperty, frame->property_count + 1);
    memcpy(reader->drawing.properties, frame->properties,
           sizeof *frame->properties * (size_t)frame->property_count);
    reader->drawing.property_count = frame->property_count;
    frame->property_count = 0;
}

/// Tells once of each kind of element that is not carried over.
static void tell_of(Reader *reader, const char *element, const char *id)
{
    for (int i = 0; i < reader->told_count; i++)
        if (strcmp(reader->told[i], element) == 0)
            return;
    if (reader->told_count < (int)(sizeof reader->told / sizeof *reader->told))
        reader->told[reader->told_count++] = para_arena_strdup(reader->drawing.arena, element);
    para_drawn_note(&reader->drawing, line_of(reader, element, id), "elements <%.40s> and what is in them",
                    element);
}

static void XMLCALL on_start(void *context, const char *element, const char **attributes)
{
    Reader *reader = context;
    static const char *const silent[] = {"title", "desc", "metadata"};
    reader->depth++;
    if (reader->skipped || reader->drawing.list->error_count > 0)
        return;
    if (reader->depth >= DEPTH_MAX || ++reader->elements > ELEMENTS_MAX) {
        refuse(reader, reader->depth >= DEPTH_MAX ? "more than 64 elements in each other"
                                                  : "more than 200000 elements");
        return;
    }
    if (strncmp(element, "svg:", 4) == 0)
        element += 4;
    if (reader->depth == 1) {
        reader->frames[1] = (Frame){.filled = true, .stroke = 1};
        if (strcmp(element, "svg") == 0)
            begin_drawing(reader, &reader->frames[1], attributes);
        else
            refuse(reader, "this is no drawing in SVG: it begins with another element");
        return;
    }
    Frame *frame = &reader->frames[reader->depth];
    *frame = reader->frames[reader->depth - 1];
    bool quiet = strchr(element, ':') != NULL; // of a drawing program, for itself
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++)
        quiet = quiet || strcmp(element, silent[i]) == 0;
    if (quiet) {
        reader->skipped = reader->depth;
        return;
    }
    if (strcmp(element, "g") == 0 || strcmp(element, "a") == 0) {
        inherit(reader, frame, element, attributes);
        return;
    }
    Frame own = *frame;
    if (has_lines(element)) {
        inherit(reader, &own, element, attributes);
        read_lines(reader, &own, element, attributes);
    } else {
        tell_of(reader, element, attribute(attributes, "id"));
    }
    reader->skipped = reader->depth; // what is in it animates it, or is not carried over either
}

static void XMLCALL on_end(void *context, const char *element)
{
    Reader *reader = context;
    (void)element;
    if (reader->skipped == reader->depth)
        reader->skipped = 0;
    reader->depth--;
}

static void XMLCALL on_entity(void *context, const char *name, int is_parameter, const char *value,
                              int length, const char *base, const char *system, const char *public,
                              const char *notation)
{
    (void)name, (void)is_parameter, (void)value, (void)length, (void)base, (void)system, (void)public,
        (void)notation;
    refuse(context, "it declares an entity, which no drawing needs");
}

char *para_svg_import(const char *text, size_t size, const ParaSvgChoices *choices, ParaArena *arena,
                      ParaDiagList *list)
{
    Reader *reader = PARA_NEW(arena, Reader, 1);
    reader->drawing =
        (ParaDrawing){.arena = arena, .list = list, .name = choices->name, .from = choices->from};
    reader->choices = choices;
    reader->points = POINTS_TOTAL;
    reader->parser = size <= PARA_SVG_SIZE_MAX ? XML_ParserCreate(NULL) : NULL;
    if (!reader->parser) {
        para_drawn_refuse(&reader->drawing, "", "no memory, or more than %d bytes", PARA_SVG_SIZE_MAX);
        return NULL;
    }
    XML_SetUserData(reader->parser, reader);
    XML_SetElementHandler(reader->parser, on_start, on_end);
    XML_SetEntityDeclHandler(reader->parser, on_entity);
    if (XML_Parse(reader->parser, text, (int)size, XML_TRUE) != XML_STATUS_OK && list->error_count == 0)
        para_drawn_refuse(&reader->drawing, line_of(reader, "here", NULL), "it is no XML: %s",
                          XML_ErrorString(XML_GetErrorCode(reader->parser)));
    XML_ParserFree(reader->parser);
    return list->error_count == 0 ? para_drawing_write(&reader->drawing) : NULL;
}
