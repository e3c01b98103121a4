"""Names of SEI payload types: one registry for the three codecs.

The numbers of H.264, H.265, H.266 (their Annexes D) and H.274 form one space: a number means one thing, though some
things have one number in AVC and another elsewhere. A number that is not here is shown as such, and its message is
kept as bytes like any other that nobody asked for.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gfv_sei.errors import GfvError
from gfv_sei.wording import in_short

_TABLE = """
  0 buffering_period                            145 dependent_rap_indication
  1 pic_timing                                  146 coded_region_completion
  2 pan_scan_rect                               147 alternative_transfer_characteristics
  3 filler_payload                              148 ambient_viewing_environment
  4 user_data_registered_itu_t_t35              149 content_colour_volume
  5 user_data_unregistered                      150 equirectangular_projection
  6 recovery_point                              151 cubemap_projection
  7 dec_ref_pic_marking_repetition              152 fisheye_video_info
  8 spare_pic                                   153 generalized_cubemap_projection
  9 scene_info                                  154 sphere_rotation
 10 sub_seq_info                                155 regionwise_packing
 11 sub_seq_layer_characteristics               156 omni_viewport
 12 sub_seq_characteristics                     157 regional_nesting
 13 full_frame_freeze                           158 mcts_extraction_info_sets
 14 full_frame_freeze_release                   159 mcts_extraction_info_nesting
 15 full_frame_snapshot                         160 layers_not_present
 16 progressive_refinement_segment_start        161 inter_layer_constrained_tile_sets
 17 progressive_refinement_segment_end          162 bsp_nesting
 18 motion_constrained_slice_group_set          163 bsp_initial_arrival_time
 19 film_grain_characteristics                  164 sub_bitstream_property
 20 deblocking_filter_display_preference        165 alpha_channel_info
 21 stereo_video_info                           166 overlay_info
 22 post_filter_hint                            167 temporal_mv_prediction_constraints
 23 tone_mapping_info                           168 frame_field_info
 24 scalability_info                            176 three_dimensional_reference_displays_info
 25 sub_pic_scalable_layer                      177 depth_representation_info
 26 non_required_layer_rep                      178 multiview_scene_info
 27 priority_layer_info                         179 multiview_acquisition_info
 28 layers_not_present                          180 multiview_view_position
 29 layer_dependency_change                     181 alternative_depth_info
 30 scalable_nesting                            200 sei_manifest
 31 base_layer_temporal_hrd                     201 sei_prefix_indication
 32 quality_layer_integrity_check               202 annotated_regions
 33 redundant_pic_property                      203 subpic_level_info
 34 tl0_dep_rep_index                           204 sample_aspect_ratio_info
 35 tl_switching_point                          205 shutter_interval_info
 36 parallel_decoding_info                      206 extended_drap_indication
 37 mvc_scalable_nesting                        207 constrained_rasl_encoding_indication
 38 view_scalability_info                       208 scalability_dimension_info
 39 multiview_scene_info                        209 vdi_sei_envelope
 40 multiview_acquisition_info                  210 nn_post_filter_characteristics
 41 non_required_view_component                 211 nn_post_filter_activation
 42 view_dependency_change                      212 phase_indication
 43 operation_points_not_present                213 sei_processing_order
 44 base_view_temporal_hrd                      214 sei_processing_order_nesting
 45 frame_packing_arrangement                   215 encoder_optimization_info
 46 multiview_view_position                     216 source_picture_timing_info
 47 display_orientation                         217 object_mask_info
 48 mvcd_scalable_nesting                       218 modality_info
 49 mvcd_view_scalability_info                  219 text_description
 50 depth_representation_info                   220 digitally_signed_content_initialization
 51 three_dimensional_reference_displays_info   221 digitally_signed_content_selection
 52 depth_timing                                222 digitally_signed_content_verification
 53 depth_sampling_info                         223 generative_face_video
 54 constrained_depth_parameter_set_identifier  224 generative_face_video_enhancement
 56 green_metadata                              225 ai_usage_restrictions
128 structure_of_pictures_info                  226 packed_regions_info
129 active_parameter_sets                       227 image_format_metadata
130 decoding_unit_info
131 temporal_sub_layer_zero_idx
132 decoded_picture_hash
133 scalable_nesting
134 region_refresh_info
135 no_display
136 time_code
137 mastering_display_colour_volume
138 segmented_rect_frame_packing_arrangement
139 temporal_motion_constrained_tile_sets
140 chroma_resampling_filter_hint
141 knee_function_info
142 colour_remapping_info
143 deinterlaced_field_identification
144 content_light_level_info
"""

_words = _TABLE.split()
PAYLOAD_TYPES = {int(number): name for number, name in zip(_words[::2], _words[1::2], strict=True)}
"""Name by payload type."""


def payload_type_name(payload_type: int) -> str:
    """The name, or ``reserved_sei_message`` (as the standards call what they do not know yet)."""
    return PAYLOAD_TYPES.get(payload_type, "reserved_sei_message")


def set_of_types(given: Any) -> frozenset[int]:
    """The payload types that a caller asks for. Raises GfvError where it is no collection of numbers."""
    types = tuple(given) if isinstance(given, Iterable) else (None,)
    if not all(isinstance(one, int) for one in types):
        raise GfvError("no set of payload types", element="payload_types", value=in_short(given))
    return frozenset(types)
