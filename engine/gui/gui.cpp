// SPDX-License-Identifier: MIT
// Dear ImGui behind C functions. Its OpenGL backend draws; input is ours, since version 1.86 looks at the
// mouse itself once per frame and loses what is pressed and let go between two looks.
#include "engine/gui/gui.h"

#include <SDL.h>
#include <imgui.h>
#include <imgui_impl_opengl3.h>
#include <imgui_internal.h>

#include <cstring>
#include <deque>
#include <new>
#include <string>

struct ParaGui {
    std::deque<SDL_Event> events;
    std::string font;
    float scale;
    bool presses[512]; // of this frame, by scancode
};

namespace
{

ParaGui *current = nullptr;
bool over = false;

ImU32 colour_of(uint32_t rgba)
{
    return IM_COL32(rgba >> 24, rgba >> 16 & 0xff, rgba >> 8 & 0xff, rgba & 0xff);
}

ImDrawList *list() { return over ? ImGui::GetForegroundDrawList() : ImGui::GetBackgroundDrawList(); }

ImVec4 shade(int r, int g, int b, float a = 1.0f)
{
    return ImVec4(float(r) / 255.0f, float(g) / 255.0f, float(b) / 255.0f, a);
}

/// Calm, dark and warm, like the rest of the program's furniture.
void set_style(float scale)
{
    ImGuiStyle style;
    ImGui::StyleColorsDark(&style);
    style.WindowRounding = 6;
    style.ChildRounding = 4;
    style.FrameRounding = 4;
    style.GrabRounding = 4;
    style.PopupRounding = 6;
    style.ScrollbarRounding = 6;
    style.WindowBorderSize = 0;
    style.FramePadding = ImVec2(7, 4);
    style.ItemSpacing = ImVec2(7, 5);
    style.WindowPadding = ImVec2(10, 9);
    style.ScrollbarSize = 11;
    ImVec4 *c = style.Colors;
    c[ImGuiCol_Text] = shade(226, 223, 214);
    c[ImGuiCol_TextDisabled] = shade(150, 148, 142);
    c[ImGuiCol_WindowBg] = shade(32, 34, 40, 0.97f);
    c[ImGuiCol_ChildBg] = shade(26, 28, 33, 0.6f);
    c[ImGuiCol_PopupBg] = shade(38, 40, 47, 0.99f);
    c[ImGuiCol_FrameBg] = shade(52, 55, 64);
    c[ImGuiCol_FrameBgHovered] = shade(64, 68, 79);
    c[ImGuiCol_FrameBgActive] = shade(72, 77, 90);
    c[ImGuiCol_TitleBg] = shade(40, 43, 51);
    c[ImGuiCol_TitleBgActive] = shade(40, 43, 51);
    c[ImGuiCol_TitleBgCollapsed] = shade(40, 43, 51);
    c[ImGuiCol_Button] = shade(60, 64, 75);
    c[ImGuiCol_ButtonHovered] = shade(78, 83, 97);
    c[ImGuiCol_ButtonActive] = shade(201, 138, 75);
    c[ImGuiCol_Header] = shade(74, 79, 93);
    c[ImGuiCol_HeaderHovered] = shade(86, 91, 106);
    c[ImGuiCol_HeaderActive] = shade(96, 102, 118);
    c[ImGuiCol_SliderGrab] = shade(214, 158, 96);
    c[ImGuiCol_SliderGrabActive] = shade(232, 178, 114);
    c[ImGuiCol_CheckMark] = shade(232, 178, 114);
    c[ImGuiCol_PlotHistogram] = shade(201, 138, 75);
    c[ImGuiCol_Separator] = shade(66, 69, 79);
    c[ImGuiCol_ModalWindowDimBg] = shade(12, 13, 17, 0.55f);
    c[ImGuiCol_TextSelectedBg] = shade(120, 96, 66);
    style.ScaleAllSizes(scale);
    ImGui::GetStyle() = style;
}

void set_font(ParaGui *gui)
{
    ImGuiIO &io = ImGui::GetIO();
    static const ImWchar ranges[] = {0x20,   0xff,   0x2010, 0x2027, 0x2190, 0x2193,
                                     0x25b6, 0x25b6, 0x2713, 0x2717, 0};
    io.Fonts->Clear();
    SDL_RWops *file = gui->font.empty() ? nullptr : SDL_RWFromFile(gui->font.c_str(), "rb");
    if (file) {
        SDL_RWclose(file);
        io.Fonts->AddFontFromFileTTF(gui->font.c_str(), SDL_floorf(15.0f * gui->scale), nullptr, ranges);
    } else {
        ImFontConfig config;
        config.SizePixels = SDL_floorf(13.0f * gui->scale);
        io.Fonts->AddFontDefault(&config);
    }
    ImGui_ImplOpenGL3_DestroyFontsTexture();
    ImGui_ImplOpenGL3_CreateFontsTexture();
    set_style(gui->scale);
}

void set_keys(ImGuiIO &io)
{
    static const struct {
        ImGuiKey_ key;
        SDL_Scancode code;
    } keys[] = {{ImGuiKey_Tab, SDL_SCANCODE_TAB},
                {ImGuiKey_LeftArrow, SDL_SCANCODE_LEFT},
                {ImGuiKey_RightArrow, SDL_SCANCODE_RIGHT},
                {ImGuiKey_UpArrow, SDL_SCANCODE_UP},
                {ImGuiKey_DownArrow, SDL_SCANCODE_DOWN},
                {ImGuiKey_PageUp, SDL_SCANCODE_PAGEUP},
                {ImGuiKey_PageDown, SDL_SCANCODE_PAGEDOWN},
                {ImGuiKey_Home, SDL_SCANCODE_HOME},
                {ImGuiKey_End, SDL_SCANCODE_END},
                {ImGuiKey_Insert, SDL_SCANCODE_INSERT},
                {ImGuiKey_Delete, SDL_SCANCODE_DELETE},
                {ImGuiKey_Backspace, SDL_SCANCODE_BACKSPACE},
                {ImGuiKey_Space, SDL_SCANCODE_SPACE},
                {ImGuiKey_Enter, SDL_SCANCODE_RETURN},
                {ImGuiKey_Escape, SDL_SCANCODE_ESCAPE},
                {ImGuiKey_KeyPadEnter, SDL_SCANCODE_KP_ENTER},
                {ImGuiKey_A, SDL_SCANCODE_A},
                {ImGuiKey_C, SDL_SCANCODE_C},
                {ImGuiKey_V, SDL_SCANCODE_V},
                {ImGuiKey_X, SDL_SCANCODE_X},
                {ImGuiKey_Y, SDL_SCANCODE_Y},
                {ImGuiKey_Z, SDL_SCANCODE_Z}};
    for (const auto &k : keys)
        io.KeyMap[k.key] = k.code;
}

const char *paste(void *kept)
{
    std::string *text = static_cast<std::string *>(kept);
    char *clipboard = SDL_GetClipboardText();
    *text = clipboard ? clipboard : "";
    SDL_free(clipboard);
    return text->c_str();
}

void copy(void *, const char *text) { SDL_SetClipboardText(text); }

std::string pasted;

void set_mods(ImGuiIO &io, uint16_t mod)
{
    io.KeyCtrl = mod & KMOD_CTRL;
    io.KeyShift = mod & KMOD_SHIFT;
    io.KeyAlt = mod & KMOD_ALT;
}

/// Takes one event in. @return false: it has to wait for the next frame, since what it changes has changed
bool take(ParaGui *gui, const SDL_Event &event, uint32_t *changed, bool *moved_after)
{
    ImGuiIO &io = ImGui::GetIO();
    switch (event.type) {
    case SDL_MOUSEMOTION:
        if (*changed) // the press was where the mouse is now
            return false;
        io.MousePos = ImVec2(float(event.motion.x), float(event.motion.y));
        *moved_after = true;
        return true;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP: {
        int button = event.button.button == SDL_BUTTON_LEFT    ? 0
                     : event.button.button == SDL_BUTTON_RIGHT ? 1
                                                               : 2;
        if (*changed || *moved_after) // a panel must have seen the mouse there first
            return false;
        io.MouseDown[button] = event.type == SDL_MOUSEBUTTONDOWN;
        *changed |= 1u << button;
        return true;
    }
    case SDL_MOUSEWHEEL:
        io.MouseWheel += float(event.wheel.y);
        return true;
    case SDL_TEXTINPUT:
        if (*changed)
            return false;
        io.AddInputCharactersUTF8(event.text.text);
        return true;
    case SDL_KEYDOWN:
    case SDL_KEYUP: {
        int code = event.key.keysym.scancode;
        bool down = event.type == SDL_KEYDOWN;
        if (code < 0 || code >= 512)
            return true;
        if (*changed & 8 && !(down && gui->presses[code] == false && io.KeysDown[code] == false))
            return false;
        uint16_t mod = event.key.keysym.mod;
        io.KeysDown[code] = down;
        gui->presses[code] |= down && !event.key.repeat;
        set_mods(io, uint16_t(mod | SDL_GetModState()));
        *changed |= 8;
        return true;
    }
    case SDL_WINDOWEVENT:
        if (event.window.event == SDL_WINDOWEVENT_FOCUS_LOST) {
            std::memset(io.KeysDown, 0, sizeof io.KeysDown);
            std::memset(io.MouseDown, 0, sizeof io.MouseDown);
        }
        return true;
    default:
        return true;
    }
}

} // namespace

ParaGui *para_gui_open(const char *font, float scale)
{
    ParaGui *gui = new (std::nothrow) ParaGui{{}, font, scale, {}};
    if (!gui)
        return nullptr;
    ImGui::CreateContext();
    ImGuiIO &io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.LogFilename = nullptr;
    io.GetClipboardTextFn = paste;
    io.SetClipboardTextFn = copy;
    io.ClipboardUserData = &pasted;
    io.ConfigInputTextCursorBlink = false; // a picture shows the same whenever it is taken
    set_keys(io);
    if (!ImGui_ImplOpenGL3_Init("#version 330 core")) {
        ImGui::DestroyContext();
        delete gui;
        return nullptr;
    }
    current = gui;
    ImGui_ImplOpenGL3_NewFrame(); // its shaders
    set_font(gui);
    return gui;
}

void para_gui_close(ParaGui *gui)
{
    if (!gui)
        return;
    ImGui_ImplOpenGL3_Shutdown();
    ImGui::DestroyContext();
    current = nullptr;
    delete gui;
}

void para_gui_set_scale(ParaGui *gui, float scale)
{
    if (scale == gui->scale)
        return;
    gui->scale = scale;
    set_font(gui);
}

void para_gui_event(ParaGui *gui, const SDL_Event *event)
{
    if (gui->events.size() < 4096) // a person makes some hundred a second
        gui->events.push_back(*event);
}

bool para_gui_busy(const ParaGui *gui) { return !gui->events.empty(); }

void para_gui_begin(ParaGui *gui, int width, int height, float seconds)
{
    ImGuiIO &io = ImGui::GetIO();
    uint32_t changed = 0;
    bool moved = false;
    std::memset(gui->presses, 0, sizeof gui->presses);
    set_mods(io, uint16_t(SDL_GetModState()));
    while (!gui->events.empty() && take(gui, gui->events.front(), &changed, &moved))
        gui->events.pop_front();
    io.DisplaySize = ImVec2(float(width), float(height));
    io.DeltaTime = seconds > 1e-4f ? seconds : 1e-4f;
    ImGui_ImplOpenGL3_NewFrame();
    ImGui::NewFrame();
    over = false;
}

void para_gui_end(ParaGui *)
{
    ImGui::Render();
    ImGui_ImplOpenGL3_RenderDrawData(ImGui::GetDrawData());
}

// ---------------------------------------------------------------------------------------------

ParaGuiInput para_gui_input(void)
{
    const ImGuiIO &io = ImGui::GetIO();
    ParaGuiInput in = {};
    in.x = io.MousePos.x;
    in.y = io.MousePos.y;
    in.dx = io.MouseDelta.x;
    in.dy = io.MouseDelta.y;
    in.over_panel = io.WantCaptureMouse;
    in.typing = io.WantTextInput;
    in.wheel = in.over_panel ? 0.0f : io.MouseWheel;
    for (int k = 0; k < 3; k++) {
        in.down[k] = io.MouseDown[k];
        in.pressed[k] = !in.over_panel && ImGui::IsMouseClicked(k);
        in.released[k] = ImGui::IsMouseReleased(k);
    }
    in.doubled = !in.over_panel && ImGui::IsMouseDoubleClicked(0);
    in.ctrl = io.KeyCtrl;
    in.shift = io.KeyShift;
    in.alt = io.KeyAlt;
    return in;
}

bool para_gui_pressed(int32_t code)
{
    SDL_Scancode scan = SDL_GetScancodeFromKey(code);
    return current && !ImGui::GetIO().WantTextInput && scan > 0 && scan < 512 && current->presses[scan];
}

bool para_gui_panel(const char *title, float x, float y, float width, float height, bool bare)
{
    int flags = ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoCollapse |
                ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoNav;
    ImGui::SetNextWindowPos(ImVec2(x, y));
    ImGui::SetNextWindowSize(ImVec2(width, height));
    return ImGui::Begin(title, nullptr, flags | (bare ? ImGuiWindowFlags_NoTitleBar : 0));
}
void para_gui_panel_end(void) { ImGui::End(); }

bool para_gui_box(const char *title, float width, float height)
{
    ImVec2 size = ImGui::GetIO().DisplaySize;
    if (!ImGui::IsPopupOpen(title))
        ImGui::OpenPopup(title);
    width = width < size.x - 16 ? width : size.x - 16;
    height = height < size.y - 16 ? height : size.y - 16;
    ImGui::SetNextWindowPos(ImVec2((size.x - width) / 2, (size.y - height) / 2));
    ImGui::SetNextWindowSize(ImVec2(width, height));
    return ImGui::BeginPopupModal(
        title, nullptr, ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoNav);
}
void para_gui_box_end(void) { ImGui::EndPopup(); }

bool para_gui_child(const char *name, float width, float height)
{
    return ImGui::BeginChild(name, ImVec2(width, height));
}
void para_gui_child_end(void) { ImGui::EndChild(); }

void para_gui_push(const char *name) { ImGui::PushID(name); }
void para_gui_push_index(int index) { ImGui::PushID(index); }
void para_gui_pop(void) { ImGui::PopID(); }

void para_gui_text(const char *text)
{
    ImGui::PushTextWrapPos(0.0f);
    ImGui::TextUnformatted(text);
    ImGui::PopTextWrapPos();
}
void para_gui_faint(const char *text)
{
    ImGui::PushStyleColor(ImGuiCol_Text, ImGui::GetStyle().Colors[ImGuiCol_TextDisabled]);
    para_gui_text(text);
    ImGui::PopStyleColor();
}
void para_gui_coloured(uint32_t rgb, const char *text)
{
    ImGui::PushStyleColor(ImGuiCol_Text, colour_of(rgb << 8 | 0xff));
    para_gui_text(text);
    ImGui::PopStyleColor();
}
void para_gui_heading(const char *text) { para_gui_coloured(0xe8b272, text); }
void para_gui_line(void) { ImGui::Separator(); }
void para_gui_same_line(void) { ImGui::SameLine(); }
void para_gui_gap(float height) { ImGui::Dummy(ImVec2(1, height)); }
void para_gui_wide(float width) { ImGui::SetNextItemWidth(width); }
float para_gui_room(void) { return ImGui::GetContentRegionAvail().x; }
float para_gui_row(void) { return ImGui::GetFrameHeightWithSpacing(); }
float para_gui_text_width(const char *text) { return ImGui::CalcTextSize(text).x; }
bool para_gui_button(const char *text) { return ImGui::Button(text); }
bool para_gui_small(const char *text) { return ImGui::SmallButton(text); }
bool para_gui_choice(const char *text, bool chosen)
{
    if (chosen)
        ImGui::PushStyleColor(ImGuiCol_Button, shade(163, 108, 56));
    bool used = ImGui::Button(text);
    if (chosen)
        ImGui::PopStyleColor();
    return used;
}
bool para_gui_entry(const char *text, bool chosen) { return ImGui::Selectable(text, chosen); }
bool para_gui_check(const char *text, bool *value) { return ImGui::Checkbox(text, value); }
bool para_gui_slider(const char *name, double *value, double low, double high, bool whole)
{
    return ImGui::SliderScalar(name, ImGuiDataType_Double, value, &low, &high, whole ? "%.0f" : "%.3g");
}
bool para_gui_settled(void) { return ImGui::IsItemDeactivatedAfterEdit(); }
bool para_gui_active(void) { return ImGui::IsItemActive(); }
bool para_gui_field(const char *name, char *text, size_t size, const char *hint)
{
    bool entered = ImGui::InputTextWithHint(name, hint, text, size, ImGuiInputTextFlags_EnterReturnsTrue);
    return entered || ImGui::IsItemDeactivatedAfterEdit();
}
bool para_gui_editor(const char *name, char *text, size_t size, float width, float height)
{
    return ImGui::InputTextMultiline(name, text, size, ImVec2(width, height), ImGuiInputTextFlags_NoUndoRedo);
}
bool para_gui_select(const char *name, int *index, const char *const *words, int count)
{
    bool used = false;
    const char *shown = *index >= 0 && *index < count && words[*index] ? words[*index] : "another field ...";
    if (!ImGui::BeginCombo(name, shown))
        return false;
    for (int k = 0; k < count; k++)
        if (words[k] && ImGui::Selectable(words[k], k == *index)) {
            *index = k;
            used = true;
        }
    ImGui::EndCombo();
    return used;
}
bool para_gui_fold(const char *name, bool open)
{
    return ImGui::CollapsingHeader(name, open ? ImGuiTreeNodeFlags_DefaultOpen : 0);
}
void para_gui_tip(const char *text)
{
    if (!*text || !ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled))
        return;
    ImGui::BeginTooltip();
    ImGui::PushTextWrapPos(ImGui::GetFontSize() * 26.0f);
    ImGui::TextUnformatted(text);
    ImGui::PopTextWrapPos();
    ImGui::EndTooltip();
}
void para_gui_off(bool off) { ImGui::BeginDisabled(off); }
void para_gui_on(void) { ImGui::EndDisabled(); }
void para_gui_bar(float share, const char *text) { ImGui::ProgressBar(share, ImVec2(-1, 0), text); }
bool para_gui_area(const char *name, float width, float height, float *out)
{
    ImVec2 at = ImGui::GetCursorScreenPos();
    bool clicked = ImGui::InvisibleButton(name, ImVec2(width, height));
    out[0] = at.x;
    out[1] = at.y;
    out[2] = width;
    out[3] = height;
    return clicked;
}
void para_gui_scroll_here(void) { ImGui::SetScrollHereY(0.5f); }

void para_gui_draw_line(float ax, float ay, float bx, float by, uint32_t colour, float width)
{
    list()->AddLine(ImVec2(ax, ay), ImVec2(bx, by), colour_of(colour), width);
}
void para_gui_draw_box(float x, float y, float width, float height, uint32_t colour, float line)
{
    ImVec2 low(x, y), high(x + width, y + height);
    if (line > 0)
        list()->AddRect(low, high, colour_of(colour), 0, 0, line);
    else
        list()->AddRectFilled(low, high, colour_of(colour));
}
void para_gui_draw_disc(float x, float y, float radius, uint32_t colour, float line)
{
    if (line > 0)
        list()->AddCircle(ImVec2(x, y), radius, colour_of(colour), 0, line);
    else
        list()->AddCircleFilled(ImVec2(x, y), radius, colour_of(colour));
}
void para_gui_draw_text(float x, float y, uint32_t colour, const char *text)
{
    list()->AddText(ImVec2(x, y), colour_of(colour), text);
}
void para_gui_draw_over(bool wanted) { over = wanted; }
